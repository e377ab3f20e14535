"""What the remarks on pasted requests compare and no cause does: method, media type, flags, schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest
    from golive.diagnosis.paste.requests import Transcript


def request_marks(transcript: Transcript) -> dict[str, Any]:
    """Return what the remarks compare and no cause does: method, media type, flags, schemes."""
    token, api = transcript.token_request, transcript.api_request
    both = [request for request in (token, api) if request]
    marks: dict[str, Any] = {
        "insecure": any({"-k", "--insecure"} & request.flags for request in both),
        "plain_http": any(_is_plain(request) for request in both),
    }
    if token:
        form = (token.header("Content-Type") or "").startswith("application/x-www-form-urlencoded")
        grant = token.form.get("grant_type", [""])[0]
        marks |= {"token_method": token.method, "form": form, "grant": grant}
    if api:
        media = api.header("Content-Type")
        marks |= {
            "api_method": api.method,
            "api_content_type": media is not None,
            "api_body": bool(api.body),
            "api_media": media.partition(";")[0].strip().lower() if media else None,
            "bearer": api.authorization[0] == "bearer",
        }
    return marks


def _is_plain(request: PastedRequest) -> bool:
    parts = split_url(request.url)
    return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1")
