"""Machines on Step Functions.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from ventuno import errors
from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER, Capability
from ventuno.definition.findings import Finding
from ventuno.execution_ports import Execution

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import TagTypeDef

MAX_CAUSE = 32_768
"""Units: characters. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html"""

_THROTTLED = {"ThrottlingException", "ExecutionLimitExceeded", "ServiceUnavailable", "InternalFailure"}
_GONE = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}


@dataclass(frozen=True, slots=True)
class MachineSetup:
    """What machines are created with: the prefix of all their ARNs, their roles, the function they call."""

    arn_prefix: str
    run_role_arn: str
    batch_run_role_arn: str
    step_runner_arn: str

    def role_of(self, capability: Capability) -> str:
        """Return the ARN of the role that allows just this."""
        match capability:
            case Capability.STEPS:
                return self.run_role_arn
            case Capability.BATCHES:
                return self.batch_run_role_arn


class StepFunctionsMachines:
    """State machines of one stage. The roles in `setup` are only needed to create them.

    The client is made on first use: step_runner never needs it.
    """

    def __init__(self, client: Callable[[], SFNClient], setup: MachineSetup) -> None:
        self._client_of = client
        self._setup = setup

    @property
    def _client(self) -> SFNClient:
        return self._client_of()

    def create(self, name: str, definition: str, capability: Capability, tags: Mapping[str, str]) -> str:
        """Create a machine, or bring one that no run has started yet up to date.

        Raises: DefinitionError, StoreUnavailableError, ConfigurationError
        """
        text = definition.replace(STEP_RUNNER_PLACEHOLDER, self._setup.step_runner_arn)
        role_arn = self._setup.role_of(capability)
        pairs: list[TagTypeDef] = [{"key": key, "value": value} for key, value in tags.items()]
        try:
            made = self._client.create_state_machine(
                name=name, definition=text, roleArn=role_arn, type="STANDARD", tags=pairs
            )
        except self._client.exceptions.StateMachineAlreadyExists:
            return self._replace(name, text, role_arn)
        except self._client.exceptions.InvalidDefinition as error:
            raise _refused(error) from error
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)
        return made["stateMachineArn"]

    def _replace(self, name: str, text: str, role_arn: str) -> str:
        """Give a machine left by an activation that did not finish its new definition; it never ran."""
        arn = self._arn(name)
        try:
            self._client.update_state_machine(stateMachineArn=arn, definition=text, roleArn=role_arn)
        except self._client.exceptions.InvalidDefinition as error:
            raise _refused(error) from error
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)
        return arn

    def _arn(self, name: str) -> str:
        """The prefix ends in `stateMachine:<stage>-`, and every name starts with `<stage>-`."""
        return self._setup.arn_prefix.rpartition(":")[0] + f":{name}"

    def delete(self, machine_arn: str) -> None:
        """Delete a machine, if there is one. Raises: StoreUnavailableError, ConfigurationError"""
        try:
            self._client.delete_state_machine(stateMachineArn=machine_arn)
        except self._client.exceptions.StateMachineDoesNotExist:
            return
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)

    def start(self, machine_arn: str, name: str, payload: str) -> None:
        """Start an execution, unless one of this name exists.

        Raises: MachineMissingError, StoreUnavailableError, ConfigurationError
        """
        try:
            self._client.start_execution(stateMachineArn=machine_arn, name=name, input=payload)
        except self._client.exceptions.ExecutionAlreadyExists:
            return
        except (
            self._client.exceptions.StateMachineDoesNotExist,
            self._client.exceptions.StateMachineDeleting,
        ) as error:
            raise errors.MachineMissingError(f"the state machine {machine_arn} does not exist") from error
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)

    def describe(self, machine_arn: str, name: str) -> Execution | None:
        """Describe an execution. Raises: StoreUnavailableError, ConfigurationError"""
        try:
            found = self._client.describe_execution(executionArn=execution_arn(machine_arn, name))
        except self._client.exceptions.ExecutionDoesNotExist:
            return None
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)
        return Execution(found["status"], found.get("error"), found.get("cause"))

    def answer(self, token: str, output: str) -> bool:
        """Send a task token back. Raises: StoreUnavailableError, ConfigurationError"""
        return self._waits(lambda: self._client.send_task_success(taskToken=token, output=output))

    def refuse(self, token: str, error: str, cause: str) -> bool:
        """Fail the state that waits with a token. Raises: StoreUnavailableError, ConfigurationError"""
        return self._waits(
            lambda: self._client.send_task_failure(taskToken=token, error=error, cause=cause[:MAX_CAUSE])
        )

    def _waits(self, send: Callable[[], object]) -> bool:
        try:
            send()
        except (ClientError, BotoCoreError) as error:
            # By code: threads that use a new client at once may each see exception classes of their own.
            if isinstance(error, ClientError) and error.response["Error"]["Code"] in _GONE:
                return False
            _unavailable(error)
        return True

    def stop(self, machine_arn: str, name: str, reason: str) -> None:
        """Abort an execution. Raises: StoreUnavailableError, ConfigurationError"""
        try:
            self._client.stop_execution(
                executionArn=execution_arn(machine_arn, name), error="Stopped", cause=reason
            )
        except self._client.exceptions.ExecutionDoesNotExist:
            return
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)

    def entered_states(self, machine_arn: str, name: str) -> list[str]:
        """List the states an execution entered. Raises: StoreUnavailableError, ConfigurationError"""
        pages = self._client.get_paginator("get_execution_history").paginate(
            executionArn=execution_arn(machine_arn, name), includeExecutionData=False
        )
        try:
            return [
                event["stateEnteredEventDetails"]["name"]
                for page in pages
                for event in page["events"]
                if "stateEnteredEventDetails" in event
            ]
        except self._client.exceptions.ExecutionDoesNotExist:
            return []
        except (ClientError, BotoCoreError) as error:
            _unavailable(error)


def execution_arn(machine_arn: str, name: str) -> str:
    """Write the ARN of an execution of a machine."""
    return f"{machine_arn.replace(':stateMachine:', ':execution:')}:{name}"


def _refused(error: Exception) -> errors.DefinitionError:
    return errors.DefinitionError(
        [Finding("INVALID_DEFINITION", "$", f"Step Functions refused the machine: {error}")]
    )


def _unavailable(error: ClientError | BotoCoreError) -> NoReturn:
    """Tell a refusal that passes from one that somebody must mend."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else "ServiceUnavailable"
    if code in _THROTTLED:
        raise errors.StoreUnavailableError(f"Step Functions refused the call for now: {error}") from error
    raise errors.ConfigurationError(
        f"Step Functions refuses the call until the setup is mended: {error}"
    ) from error
