"""All routes of the record API, those that could be taken for others first. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.access.model import Role
from ventuno.runtime.form_link import PAGES
from ventuno.runtime.rest import (
    batch,
    duplicates,
    form_pages,
    forms,
    functions,
    grouping,
    mail,
    merging,
    metadata,
    openapi,
    reading,
    runs,
    secrets,
    writing,
)
from ventuno.runtime.rest.management_openapi import PAGE, management_document
from ventuno.runtime.rest.route import Answer, Route

if TYPE_CHECKING:
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_ALL: Final = "/rest/<plural>"
_ONE: Final = "/rest/<plural>/<id>"
RECORD_ROUTES: Final = (
    Route(
        "GET",
        "/rest/<plural>/groupBy",
        Role.VIEWER,
        grouping.group_by,
        "Group {plural}",
        operation="groupBy{Plural}",
        parameters=grouping.PARAMETERS,
        answer="groups",
    ),
    Route(
        "POST",
        "/rest/batch/<plural>",
        Role.EDITOR,
        batch.create_many,
        "Create many {plural}",
        operation="createMany{Plural}",
        parameters=writing.CREATING,
        body="many",
        answer="createMany",
    ),
    Route(
        "POST",
        "/rest/<plural>/duplicates",
        Role.VIEWER,
        duplicates.duplicates,
        "Find duplicates of {plural}",
        operation="find{Name}Duplicates",
        body="duplicates",
        answer="duplicates",
    ),
    Route(
        "PATCH",
        "/rest/<plural>/merge",
        Role.EDITOR,
        merging.merge,
        "Merge {plural} into one",
        operation="mergeMany{Plural}",
        parameters=writing.CHANGING,
        body="merge",
        answer="merge",
    ),
    Route(
        "PATCH",
        "/rest/restore/<plural>/<id>",
        Role.EDITOR,
        writing.restore,
        "Restore a deleted {name}",
        operation="restoreOne{Name}",
        parameters=writing.CHANGING,
        answer="restore",
    ),
    Route(
        "GET",
        _ALL,
        Role.VIEWER,
        reading.list_records,
        "Find {plural}",
        operation="findMany{Plural}",
        parameters=reading.LISTING,
        answer="list",
    ),
    Route(
        "POST",
        _ALL,
        Role.EDITOR,
        writing.create,
        "Create a {name}",
        operation="createOne{Name}",
        parameters=writing.CREATING,
        body="create",
        answer="create",
    ),
    Route(
        "GET",
        _ONE,
        Role.VIEWER,
        reading.get_record,
        "Read a {name}",
        operation="findOne{Name}",
        parameters=reading.ONE,
        answer="get",
    ),
    *(
        Route(
            method,
            _ONE,
            Role.EDITOR,
            writing.update,
            "Update a {name}",
            operation=operation,
            parameters=writing.CHANGING,
            body="update",
            answer="update",
        )
        for method, operation in (("PATCH", "UpdateOne{Name}"), ("PUT", "replaceOne{Name}"))
    ),
    Route(
        "DELETE",
        _ONE,
        Role.EDITOR,
        writing.delete,
        "Delete a {name}",
        operation="deleteOne{Name}",
        parameters=writing.DELETING,
        answer="delete",
    ),
)


def _document(request: Request, services: Services) -> Answer:
    """Describe the routes above."""
    del request
    return Answer(200, openapi.document(services.objects, RECORD_ROUTES))


_OBJECT: Final = "/metadata/objects/<object>"
_FIELD: Final = f"{_OBJECT}/fields/<field>"
METADATA_ROUTES: Final = (
    Route("GET", "/metadata/objects", Role.VIEWER, metadata.list_objects, "Describe all objects"),
    Route("POST", "/metadata/objects", Role.ADMIN, metadata.create_object, "Add an object"),
    Route("GET", _OBJECT, Role.VIEWER, metadata.get_object, "Describe an object"),
    Route("PATCH", _OBJECT, Role.ADMIN, metadata.update_object, "Change an object"),
    Route("DELETE", _OBJECT, Role.ADMIN, metadata.delete_object, "Hide a custom object"),
    Route("POST", "/metadata/fields", Role.ADMIN, metadata.create_field, "Add a field to an object"),
    Route("PATCH", _FIELD, Role.ADMIN, metadata.update_field, "Change a field"),
    Route("DELETE", _FIELD, Role.ADMIN, metadata.delete_field, "Hide a custom field"),
)

_BY_NAME: Final = "/secrets/<name>"
SECRET_ROUTES: Final = (
    Route("GET", "/secrets", Role.EDITOR, secrets.list_secrets, "List the names of the secrets"),
    Route("POST", "/secrets", Role.ADMIN, secrets.create_secret, "Store a new secret"),
    Route("PUT", _BY_NAME, Role.ADMIN, secrets.replace_secret, "Give a secret another value"),
    Route("DELETE", _BY_NAME, Role.ADMIN, secrets.remove_secret, "Delete a secret"),
)

_ACCOUNT: Final = "/accounts/<account>"
_DRAFT: Final = "/drafts/<draft>"
MAIL_ROUTES: Final = (
    Route("GET", "/accounts", Role.EDITOR, mail.list_accounts, "List the accounts that send e-mail"),
    Route("POST", "/accounts", Role.ADMIN, mail.create_account, "Connect an account", takes=mail.ACCOUNT),
    Route("PUT", _ACCOUNT, Role.ADMIN, mail.replace_account, "Change an account", takes=mail.ACCOUNT),
    Route("DELETE", _ACCOUNT, Role.ADMIN, mail.remove_account, "Remove an account"),
    Route("GET", "/drafts", Role.EDITOR, mail.list_drafts, "List the drafts of e-mails"),
    Route("GET", _DRAFT, Role.EDITOR, mail.show_draft, "Show a draft"),
    Route("POST", f"{_DRAFT}/send", Role.EDITOR, mail.send_draft, "Send a draft", takes=mail.AGAIN),
    Route("DELETE", _DRAFT, Role.EDITOR, mail.discard_draft, "Discard a draft"),
    Route("POST", "/files", Role.EDITOR, mail.create_file, "Store a file", takes=mail.FILE),
)

_RUN: Final = "/runs/<run>"
RUN_ROUTES: Final = (
    Route("POST", f"{_RUN}/stop", Role.RUNNER, runs.stop, "Stop a run", "stopRun", gives=runs.RUN),
    Route(
        "POST",
        f"{_RUN}/retry",
        Role.RUNNER,
        runs.retry,
        "Run the failed steps of a run again",
        "retryRun",
        takes=runs.RETRY,
        gives=runs.RUN,
    ),
)

_FORM: Final = f"{_RUN}/forms/<step>"
_FUNCTION: Final = "/functions/<name>"
FUNCTION_ROUTES: Final = (
    Route(
        "GET",
        "/functions",
        Role.VIEWER,
        functions.list_functions,
        "List the functions",
        "listFunctions",
        gives=functions.LISTED,
    ),
    Route(
        "GET",
        _FUNCTION,
        Role.VIEWER,
        functions.show,
        "Show a function",
        "showFunction",
        asks=functions.VERSION,
        gives=functions.FUNCTION,
    ),
    Route(
        "PUT",
        _FUNCTION,
        Role.EDITOR,
        functions.store,
        "Store a function, as its next version if anything differs",
        "storeFunction",
        takes=functions.DECLARATION,
        gives=functions.STORED,
    ),
    Route("DELETE", _FUNCTION, Role.EDITOR, functions.remove, "Delete a function", "deleteFunction"),
)

_LINK: Final = f"{PAGES}<link>"
FORM_ROUTES: Final = (
    Route(
        "GET",
        "/forms",
        Role.RUNNER,
        forms.list_forms,
        "List the forms that wait",
        "listForms",
        asks=forms.LISTING,
        gives=forms.LISTED,
    ),
    Route(
        "GET",
        _FORM,
        Role.RUNNER,
        forms.show,
        "Show a form",
        "showForm",
        asks=forms.ITERATION,
        gives=forms.FORM,
    ),
    Route(
        "POST",
        _FORM,
        Role.RUNNER,
        forms.answer,
        "Answer a form that a run waits for",
        "answerForm",
        asks=forms.ITERATION,
        takes=forms.ANSWER,
        gives=forms.ANSWERED,
    ),
    Route(
        "PATCH",
        _FORM,
        Role.RUNNER,
        forms.keep,
        "Keep what is filled in of a form, without answering it",
        "keepForm",
        asks=forms.ITERATION,
        takes=forms.ANSWER,
        gives=forms.FORM,
    ),
    Route(
        "PUT",
        _FORM,
        Role.EDITOR,
        forms.change,
        "Change what a waiting form asks",
        "changeForm",
        asks=forms.ITERATION,
        takes=forms.CHANGE,
        gives=forms.FORM,
    ),
    Route("GET", _LINK, None, form_pages.show_form, "The page of a form", "formPage", answer=PAGE),
    Route("POST", _LINK, None, form_pages.send_form, "Send a form's page", "sendFormPage", answer=PAGE),
)

MANAGEMENT_ROUTES: Final = (
    *METADATA_ROUTES,
    *SECRET_ROUTES,
    *MAIL_ROUTES,
    *RUN_ROUTES,
    *FORM_ROUTES,
    *FUNCTION_ROUTES,
)


def _management(request: Request, services: Services) -> Answer:
    """Describe the routes that are not of the record API."""
    del request, services
    return Answer(200, management_document(MANAGEMENT_ROUTES))


ROUTES: Final = (
    *MANAGEMENT_ROUTES,
    Route("GET", "/open-api.json", None, _document, "This document"),
    Route("GET", "/open-api/management.json", None, _management, "The document of all other calls"),
    *RECORD_ROUTES,
)
