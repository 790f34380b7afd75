"""The `ventuno` command: the table of commands and the one place where an error becomes a sentence.

A command's module must import nothing slow at its top: `ventuno --help` imports all of them.
"""

from __future__ import annotations

import sys
import traceback
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from ventuno.errors import VentunoError
from ventuno_dev.cli import (
    account_commands,
    apply_command,
    conformance_command,
    console,
    cost_command,
    definition_commands,
    demo_command,
    draft_commands,
    exchange_commands,
    file_commands,
    form_commands,
    function_commands,
    import_command,
    key_commands,
    lifecycle_commands,
    log_commands,
    mail_command,
    new_command,
    objects_commands,
    plan_command,
    record_commands,
    record_writing_commands,
    rollout_commands,
    run_commands,
    run_control_commands,
    schedule_commands,
    schema_command,
    secret_commands,
    simulate_command,
    stack_commands,
    start_commands,
    try_command,
    workflow_commands,
)
from ventuno_dev.cli.exit_codes import HELP, ExitCode, exit_code_of
from ventuno_dev.cli.usage import Commands, usage_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ventuno_dev.connection import Connect

# One line per command, in the order of the help.
COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("demo", demo_command.demo),
    ("up", stack_commands.up),
    ("down", stack_commands.down),
    ("status", stack_commands.status),
    ("logs", log_commands.logs),
    ("mails", mail_command.mails),
    ("reset", stack_commands.reset),
    ("new", new_command.new),
    ("validate", definition_commands.validate),
    ("compile", definition_commands.compile_),
    ("cost", cost_command.cost),
    ("schemas", schema_command.schemas),
    ("simulate", simulate_command.simulate),
    ("conformance", conformance_command.conformance),
    ("plan", plan_command.plan),
    ("apply", apply_command.apply),
    ("export", exchange_commands.export),
    ("import", exchange_commands.import_),
    ("activate", workflow_commands.activate),
    ("deactivate", workflow_commands.deactivate),
    ("run", start_commands.run),
    ("test", start_commands.run_draft),
    ("try", try_command.try_step),
    ("forms", form_commands.list_forms),
)
# Commands of two words, by their first.
GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "workflows": (
        "List, show, copy, limit and put away workflows.",
        {
            "list": workflow_commands.list_workflows,
            "show": workflow_commands.show_workflow,
            "duplicate": lifecycle_commands.duplicate,
            "draft": lifecycle_commands.draft,
            "discard": lifecycle_commands.discard,
            "limit": lifecycle_commands.limit,
            "rotate-address": lifecycle_commands.rotate_address,
            "archive": lifecycle_commands.archive,
            "restore": lifecycle_commands.restore,
        },
    ),
    "rollout": (
        "Roll a version out by percentage.",
        {
            "start": rollout_commands.start,
            "finish": rollout_commands.finish,
            "return": rollout_commands.return_,
        },
    ),
    "runs": (
        "List, show, follow, stop, retry and answer runs.",
        {
            "list": run_commands.list_runs,
            "show": run_commands.show_run,
            "follow": run_commands.follow_run,
            "stop": run_control_commands.stop_run,
            "retry": run_control_commands.retry_run,
            "answer": run_control_commands.answer_form,
        },
    ),
    "schedule": ("Look ahead at schedules.", {"preview": schedule_commands.preview}),
    "records": (
        "Read, write and import CRM records.",
        {
            "list": record_commands.list_records,
            "get": record_commands.get_record,
            "create": record_writing_commands.create_record,
            "update": record_writing_commands.update_record,
            "delete": record_writing_commands.delete_record,
            "restore": record_writing_commands.restore_record,
            "import": import_command.import_records,
        },
    ),
    "objects": (
        "List, show and declare objects and fields.",
        {
            "list": objects_commands.list_objects,
            "show": objects_commands.show_object,
            "apply": objects_commands.apply_objects,
            "export": objects_commands.export_objects,
        },
    ),
    "keys": (
        "Create, list and revoke API keys.",
        {
            "create": key_commands.create_key,
            "list": key_commands.list_keys,
            "revoke": key_commands.revoke_key,
        },
    ),
    "functions": (
        "List, show, store and delete the functions that workflows use.",
        {
            "list": function_commands.list_functions,
            "show": function_commands.show_function,
            "apply": function_commands.apply_functions,
            "delete": function_commands.delete_function,
        },
    ),
    "secrets": (
        "Store, list, rotate and delete the secrets of HTTP requests.",
        {
            "set": secret_commands.set_secret,
            "list": secret_commands.list_secrets,
            "rotate": secret_commands.rotate_secret,
            "delete": secret_commands.delete_secret,
        },
    ),
    "accounts": (
        "Connect, list, change and remove the accounts that send e-mail.",
        {
            "add": account_commands.add_account,
            "list": account_commands.list_accounts,
            "change": account_commands.change_account,
            "remove": account_commands.remove_account,
        },
    ),
    "drafts": (
        "List, show, send and discard drafts of e-mails.",
        {
            "list": draft_commands.list_drafts,
            "show": draft_commands.show_draft,
            "send": draft_commands.send_draft,
            "discard": draft_commands.discard_draft,
        },
    ),
    "files": (
        "Store files that e-mails attach.",
        {
            "add": file_commands.add_file,
            "get": file_commands.get_file,
            "remove": file_commands.remove_file,
        },
    ),
}
DEBUG = "--debug"


def build_app() -> typer.Typer:
    """Put the commands together."""
    app = typer.Typer(
        name="ventuno",
        help="CRM workflow automations on AWS Step Functions, on this machine or in your account.",
        cls=Commands,
        epilog=HELP,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name, command in COMMANDS:
        app.command(name)(command)
    for name, (summary, commands) in GROUPS.items():
        group = typer.Typer(cls=Commands, help=summary, rich_markup_mode=None)
        for verb, command in commands.items():
            group.command(verb)(command)
        app.add_typer(group, name=name)
    return app


def _show_version(value: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if value:
        print(version("ventuno"))  # noqa: T201 - the answer
        raise typer.Exit


def _root(
    *,
    debug: Annotated[bool, typer.Option(DEBUG, help="Show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version)] = False,
) -> None:
    """Take the options that stand before the command; `run` and a callback have already acted on them."""


def run(arguments: Sequence[str], connect: Connect | None = None) -> int:
    """Run one command line and return its exit code; `connect` replaces the way to a stack's services."""
    debug = DEBUG in arguments
    words = [word for word in arguments if word != DEBUG]
    try:
        code = build_app()(words, standalone_mode=False, prog_name="ventuno", obj=connect)
    except Exception as exc:  # noqa: BLE001 - the outermost handler: users get a sentence, not a traceback
        if debug:
            traceback.print_exc()
        return _explain(exc)
    return code if isinstance(code, int) else ExitCode.OK


def _explain(exc: Exception) -> int:
    match exc:
        case TyperException():
            console.error(usage_text(exc))
            return exc.exit_code
        case VentunoError():
            console.error(str(exc))
            return exit_code_of(exc)
        case typer.Abort():
            console.error("stopped")
            return ExitCode.INTERRUPTED
        case _ if type(exc).__module__.startswith(("botocore", "boto3")):
            console.error(f"AWS answered: {exc}")
            return ExitCode.FAILED
        case _:
            console.error(f"unexpected {type(exc).__name__}: {exc} (add {DEBUG} to see where)")
            return ExitCode.FAILED


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))
