"""The rows of the acceptance table: what people automate, and the shipped workflows that do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """One automation; `workflows` are the stems of files in workflows/."""

    name: str
    workflows: tuple[str, ...]


ROWS: Final = {
    "A1": Row("Quick Lead", ("quick-lead",)),
    "A2": Row("Create the company of a new person", ("company-of-new-person",)),
    "A4": Row("Number of e-mails received", ("received-emails",)),
    "A7": Row("Copy the contact to the opportunity", ("copy-contact-to-opportunity",)),
    "A8": Row("Sync company fields to opportunities", ("sync-company-to-opportunities",)),
    "A9": Row("Prefill a new opportunity", ("prefill-opportunity",)),
    "A10": Row("Keep primary contacts equal", ("primary-contact-of-company", "primary-contact-of-person")),
    "A13": Row("Onboarding tasks", ("onboarding-tasks",)),
    "A15": Row(
        "Formula fields", ("full-name", "expected-amount", "days-until-due", "lead-score", "email-domain")
    ),
    "A16": Row("Show the expected amount", ("expected-amount-by-phase", "expected-amount")),
    "A17": Row("Track the time in each stage", ("time-in-stage",)),
    "A18": Row("Web form to person", ("web-form-to-person",)),
    "A19": Row("Order items", ("order-items",)),
    "A20": Row("Typeform to person", ("typeform-to-person",)),
    "A21": Row("Product sync", ("product-sync",)),
    "A22": Row("Generate a PDF", ("generate-pdf",)),
    "A23": Row("Quote and invoice", ("send-quote", "stripe-invoice")),
    "A28": Row("Mark late tasks", ("mark-late-tasks",)),
}

EXAMPLES: Final = ("lead-intake", "open-opportunity", "order-total")
"""Shipped workflows that are no row: the README's and those that show a feature."""
