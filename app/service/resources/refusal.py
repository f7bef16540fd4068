"""The public shape of a refusal: one reason why the engine says no."""

from pydantic import BaseModel, Field

Params = dict[str, str | int | list[str]]
"""The facts behind a sentence: ids, codes, counts, amounts in minor units, instants and days, lists of codes."""


class RefusalBody(BaseModel):
    """One reason why a command is not possible. `detail` is a sentence in the language of the answer."""

    code: str = Field(description="Stable, for programs.")
    detail: str = Field(description="One sentence, for people, made of `params`.")
    params: Params = Field(description="The facts behind the sentence, by name. Amounts come with their `currency`.")
    citation: str | None = Field(default=None, description="The article or the policy that the reason rests on.")
    field: str | None = Field(default=None, description="The field of the request that the reason is about.")
