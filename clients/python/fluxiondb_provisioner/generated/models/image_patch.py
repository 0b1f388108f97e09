from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.image_patch_pull_policy_type_0 import ImagePatchPullPolicyType0
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ImagePatch")



@_attrs_define
class ImagePatch:
    """ 
        Attributes:
            repository (None | str | Unset):
            tag (None | str | Unset): A tag, a digest as `sha256:...`, or both as `1.4.2@sha256:...`: then the digest says
                which image runs.
            pull_policy (ImagePatchPullPolicyType0 | None | Unset):
            pull_secrets (list[str] | None | Unset): Names of Secrets in the namespace, which an operator has prepared.
     """

    repository: None | str | Unset = UNSET
    tag: None | str | Unset = UNSET
    pull_policy: ImagePatchPullPolicyType0 | None | Unset = UNSET
    pull_secrets: list[str] | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        repository: None | str | Unset
        if isinstance(self.repository, Unset):
            repository = UNSET
        else:
            repository = self.repository

        tag: None | str | Unset
        if isinstance(self.tag, Unset):
            tag = UNSET
        else:
            tag = self.tag

        pull_policy: None | str | Unset
        if isinstance(self.pull_policy, Unset):
            pull_policy = UNSET
        elif isinstance(self.pull_policy, ImagePatchPullPolicyType0):
            pull_policy = self.pull_policy.value
        else:
            pull_policy = self.pull_policy

        pull_secrets: list[str] | None | Unset
        if isinstance(self.pull_secrets, Unset):
            pull_secrets = UNSET
        elif isinstance(self.pull_secrets, list):
            pull_secrets = self.pull_secrets


        else:
            pull_secrets = self.pull_secrets


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if repository is not UNSET:
            field_dict["repository"] = repository
        if tag is not UNSET:
            field_dict["tag"] = tag
        if pull_policy is not UNSET:
            field_dict["pullPolicy"] = pull_policy
        if pull_secrets is not UNSET:
            field_dict["pullSecrets"] = pull_secrets

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_repository(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        repository = _parse_repository(d.pop("repository", UNSET))


        def _parse_tag(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tag = _parse_tag(d.pop("tag", UNSET))


        def _parse_pull_policy(data: object) -> ImagePatchPullPolicyType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pull_policy_type_0 = ImagePatchPullPolicyType0(data)



                return pull_policy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImagePatchPullPolicyType0 | None | Unset, data)

        pull_policy = _parse_pull_policy(d.pop("pullPolicy", UNSET))


        def _parse_pull_secrets(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                pull_secrets_type_0 = cast(list[str], data)

                return pull_secrets_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        pull_secrets = _parse_pull_secrets(d.pop("pullSecrets", UNSET))


        image_patch = cls(
            repository=repository,
            tag=tag,
            pull_policy=pull_policy,
            pull_secrets=pull_secrets,
        )

        return image_patch

