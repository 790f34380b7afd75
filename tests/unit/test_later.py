from __future__ import annotations

from ventuno.later import later


class Store:
    made = 0

    def __init__(self) -> None:
        Store.made += 1
        self.names = ["one", "two"]

    def get(self, at: int) -> str:
        return self.names[at]

    def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
        return iter(self.names)


def test_it_is_built_once_and_only_when_it_is_used() -> None:
    Store.made = 0
    store = later(Store)
    assert Store.made == 0

    assert (store.get(0), store.get(1), list(store)) == ("one", "two", ["one", "two"])
    assert Store.made == 1


def test_what_it_lacks_is_missing_as_of_the_object_itself() -> None:
    assert not hasattr(later(Store), "put")
