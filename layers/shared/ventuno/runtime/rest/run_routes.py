"""The routes of runs, of the forms they wait for, of the functions they use, and of steps tried alone."""

from __future__ import annotations

from typing import Final

from ventuno.access.model import Role
from ventuno.runtime.form_link import PAGES
from ventuno.runtime.rest import form_pages, forms, functions, runs, trying
from ventuno.runtime.rest.route import PAGE, Route

_RUN: Final = "/runs/<run>"
_RUNS: Final = (
    Route(
        "GET",
        "/runs",
        Role.VIEWER,
        runs.list_some,
        "List runs, newest first; without a workflow those of a status, RUNNING if none is given",
        "listRuns",
        asks=runs.LISTING,
        gives=runs.LISTED,
    ),
    Route(
        "GET",
        _RUN,
        Role.VIEWER,
        runs.show,
        "Show a run with the state of every step",
        "showRun",
        gives=runs.SHOWN,
    ),
    Route(
        "GET",
        f"{_RUN}/iterations/<iterator>",
        Role.VIEWER,
        runs.iterations,
        "Show iterations of a loop with the state of every step",
        "showIterations",
        asks=runs.ITERATIONS,
        gives=runs.SHOWN_ITERATIONS,
    ),
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
_FUNCTIONS: Final = (
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

_TRIALS: Final = (
    Route(
        "POST",
        "/steps/try",
        Role.EDITOR,
        trying.try_one,
        "Try one step; its request is really sent, its code really run",
        "tryStep",
        takes=trying.TRIAL,
        gives=trying.TRIED,
    ),
)

_LINK: Final = f"{PAGES}<link>"
_FORMS: Final = (
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
        f"{_RUN}/forms",
        Role.RUNNER,
        forms.list_forms_of_run,
        "List the forms that a run waits for",
        "listFormsOfRun",
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
    Route(
        "POST",
        _LINK,
        None,
        form_pages.send_form,
        "Send a form's page",
        "sendFormPage",
        answer=PAGE,
        takes=form_pages.INPUTS,
    ),
)

RUN_ROUTES: Final = (*_RUNS, *_FORMS, *_FUNCTIONS, *_TRIALS)
