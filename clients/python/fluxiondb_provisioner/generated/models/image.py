from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.image_pull_policy import ImagePullPolicy
from typing import cast






T = TypeVar("T", bound="Image")



@_attrs_define
class Image:
    """ 
        Attributes:
            repository (str):
            tag (str): A tag, a digest as `sha256:...`, or both as `1.4.2@sha256:...`: then the digest says which image
                runs.
            pull_policy (ImagePullPolicy):
            pull_secrets (list[str]): Names of Secrets in the namespace, which an operator has prepared.
     """

    repository: str
    tag: str
    pull_policy: ImagePullPolicy
    pull_secrets: list[str]





    def to_dict(self) -> dict[str, Any]:
        repository = self.repository

        tag = self.tag

        pull_policy = self.pull_policy.value

        pull_secrets = self.pull_secrets




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "repository": repository,
            "tag": tag,
            "pullPolicy": pull_policy,
            "pullSecrets": pull_secrets,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        repository = d.pop("repository")

        tag = d.pop("tag")

        pull_policy = ImagePullPolicy(d.pop("pullPolicy"))




        pull_secrets = cast(list[str], d.pop("pullSecrets"))


        image = cls(
            repository=repository,
            tag=tag,
            pull_policy=pull_policy,
            pull_secrets=pull_secrets,
        )

        return image

