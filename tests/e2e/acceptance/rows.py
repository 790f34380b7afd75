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
    "A3": Row("Tasks due today by e-mail", ("tasks-due-today",)),
    "A4": Row("Number of e-mails received", ("received-emails",)),
    "A5": Row("Auto reply", ("auto-reply",)),
    "A6": Row("Tell the reviewer of a note", ("note-reviewer",)),
    "A7": Row("Copy the contact to the opportunity", ("copy-contact-to-opportunity",)),
    "A8": Row("Sync company fields to opportunities", ("sync-company-to-opportunities",)),
    "A9": Row("Prefill a new opportunity", ("prefill-opportunity",)),
    "A10": Row("Keep primary contacts equal", ("primary-contact-of-company", "primary-contact-of-person")),
    "A11": Row("Closed won", ("closed-won",)),
    "A12": Row("Closed lost", ("closed-lost",)),
    "A13": Row("Onboarding tasks", ("onboarding-tasks",)),
    "A14": Row("Stale opportunities", ("stale-opportunities",)),
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
    "A24": Row("Welcome mail, and mail by lead source", ("welcome-mail", "mail-by-lead-source")),
    "A25": Row("Follow up three days after a meeting", ("follow-up-after-meeting",)),
    "A26": Row("Route by deal size", ("route-by-deal-size",)),
    "A27": Row("Process, then notify", ("process-then-notify",)),
    "A28": Row("Mark late tasks", ("mark-late-tasks",)),
    "A29": Row("Mail those who have an address", ("mail-people-of-company",)),
    "A30": Row("Owners in turns", ("assign-owner",)),
    "A31": Row("Follow up a deletion", ("delete-follow-up",)),
}

EXAMPLES: Final = ("lead-intake", "open-opportunity", "order-total")
"""Shipped workflows that are no row: the README's and those that show a feature."""
