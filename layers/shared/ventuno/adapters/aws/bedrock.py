"""Models on Amazon Bedrock, by Converse, under the role of the function.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from ventuno import errors
from ventuno.agent.bedrock_form import converse_reply, converse_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

    from ventuno.agent.conversation import ModelReply, ModelRequest

# One attempt: the agent itself asks again, within its own time.
CONFIG: Final = Config(connect_timeout=5, read_timeout=290, retries={"total_max_attempts": 1})
_BUSY: Final = frozenset(
    {
        "InternalServerException",
        "ModelNotReadyException",
        "ModelTimeoutException",
        "ServiceUnavailableException",
        "ThrottlingException",
    }
)


class BedrockModels:
    """The models that this account may use. The client is made on first use."""

    def __init__(self, client: Callable[[], BedrockRuntimeClient]) -> None:
        self._client_of = client

    def reply(self, request: ModelRequest) -> ModelReply:
        """Ask a model once. Raises: ModelBusyError, ModelError"""
        try:
            answer = self._client_of().converse(**converse_request(request))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            told = f"Bedrock answered {code}: {error.response['Error'].get('Message', '')}"
            kind = errors.ModelBusyError if code in _BUSY else errors.ModelError
            raise kind(told) from error
        except ParamValidationError as error:
            raise errors.ModelError(f"Bedrock does not take this request: {error}") from error
        except BotoCoreError as error:
            raise errors.ModelBusyError(f"Bedrock cannot be reached: {error}") from error
        return converse_reply(answer)
