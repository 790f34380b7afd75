"""Models: each request goes to the adapter of its provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.agent.conversation import Provider

if TYPE_CHECKING:
    from ventuno.agent.conversation import ModelReply, ModelRequest
    from ventuno.outside import Models


class ProviderModels:
    """The models of both providers."""

    def __init__(self, bedrock: Models, openai: Models) -> None:
        self._by_provider = {Provider.BEDROCK: bedrock, Provider.OPENAI: openai}

    def reply(self, request: ModelRequest) -> ModelReply:
        """Ask a model once. Raises: ModelBusyError, ModelError, StepInputError"""
        return self._by_provider[request.model.provider].reply(request)
