"""Lambda's store: functions as a whole, and how far event source mappings have read.

The positions are saved by DynamoDB's store, together with the records. They go into the state before it is
loaded, because loading starts the thread that reads on from them.
"""

from ventuno_dev.emulator.storage.items import POSITIONS
from ventuno_dev.emulator.storage.operations import Document
from ventuno_dev.emulator.storage.revive import revived
from ventuno_dev.emulator.storage.stores import WholeStore
from ventuno_dev.emulator.values import Json


class FunctionStore(WholeStore):
    """Functions, layers, aliases and event source mappings."""

    def restored(self, document: Document) -> Json:
        """Give Lambda's state with the newest read positions."""
        state = super().restored(document)
        positions = revived(document.pop(POSITIONS, None))
        if state and positions is not None:
            state["dynamodb_stream_positions"] = positions
        return state
