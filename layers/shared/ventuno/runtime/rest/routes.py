"""All routes of the record API, those that could be taken for others first. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.access.model import Role
from ventuno.runtime.rest import (
    batch,
    duplicates,
    files,
    grouping,
    mail,
    merging,
    metadata,
    openapi,
    reading,
    secrets,
    writing,
)
from ventuno.runtime.rest.management_openapi import management_document
from ventuno.runtime.rest.route import Answer, Route
from ventuno.runtime.rest.run_routes import RUN_ROUTES
from ventuno.runtime.rest.workflow_routes import WORKFLOW_ROUTES

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
    Route(
        "POST",
        "/metadata/objects",
        Role.ADMIN,
        metadata.create_object,
        "Add an object",
        takes=metadata.NEW_OBJECT,
    ),
    Route("GET", _OBJECT, Role.VIEWER, metadata.get_object, "Describe an object"),
    Route("PATCH", _OBJECT, Role.ADMIN, metadata.update_object, "Change an object", takes=metadata.OBJECT),
    Route("DELETE", _OBJECT, Role.ADMIN, metadata.delete_object, "Hide a custom object"),
    Route(
        "POST",
        "/metadata/fields",
        Role.ADMIN,
        metadata.create_field,
        "Add a field to an object",
        takes=metadata.NEW_FIELD,
    ),
    Route("PATCH", _FIELD, Role.ADMIN, metadata.update_field, "Change a field", takes=metadata.FIELD),
    Route("DELETE", _FIELD, Role.ADMIN, metadata.delete_field, "Hide a custom field"),
)

_BY_NAME: Final = "/secrets/<name>"
SECRET_ROUTES: Final = (
    Route("GET", "/secrets", Role.EDITOR, secrets.list_secrets, "List the names of the secrets"),
    Route("POST", "/secrets", Role.ADMIN, secrets.create_secret, "Store a new secret", takes=secrets.SECRET),
    Route(
        "PUT",
        _BY_NAME,
        Role.ADMIN,
        secrets.replace_secret,
        "Give a secret another value",
        takes=secrets.VALUE,
    ),
    Route("DELETE", _BY_NAME, Role.ADMIN, secrets.remove_secret, "Delete a secret"),
)

_ACCOUNT: Final = "/accounts/<account>"
_DRAFT: Final = "/drafts/<draft>"
_FILE: Final = "/files/<file>"
MAIL_ROUTES: Final = (
    Route("GET", "/accounts", Role.EDITOR, mail.list_accounts, "List the accounts that send e-mail"),
    Route("POST", "/accounts", Role.ADMIN, mail.create_account, "Connect an account", takes=mail.ACCOUNT),
    Route("PUT", _ACCOUNT, Role.ADMIN, mail.replace_account, "Change an account", takes=mail.ACCOUNT),
    Route("DELETE", _ACCOUNT, Role.ADMIN, mail.remove_account, "Remove an account"),
    Route("GET", "/drafts", Role.EDITOR, mail.list_drafts, "List the drafts of e-mails"),
    Route("GET", _DRAFT, Role.EDITOR, mail.show_draft, "Show a draft"),
    Route("POST", f"{_DRAFT}/send", Role.EDITOR, mail.send_draft, "Send a draft", takes=mail.AGAIN),
    Route("DELETE", _DRAFT, Role.EDITOR, mail.discard_draft, "Discard a draft", "discardEmailDraft"),
    Route("POST", "/files", Role.EDITOR, files.create_file, "Store a file", takes=files.FILE),
    Route("GET", _FILE, Role.VIEWER, files.show_file, "Read a stored file", answer=files.BYTES),
    Route("DELETE", _FILE, Role.EDITOR, files.delete_file, "Delete a stored file"),
)

MANAGEMENT_ROUTES: Final = (*METADATA_ROUTES, *SECRET_ROUTES, *MAIL_ROUTES, *WORKFLOW_ROUTES, *RUN_ROUTES)


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


def methods_at(path: str) -> tuple[str, ...]:
    """List the methods that an address is answered for; none where nothing has it."""
    return tuple(sorted({route.method for route in ROUTES if route.is_at(path)}))
