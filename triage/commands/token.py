"""`triage token`: create, list, rotate and revoke access tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from triage.access import PER_MINUTE, PORTAL_PER_MINUTE, SCOPES
from triage.commands.home import cli_actor, open_home_store, open_store_of
from triage.commands.options import AsJson, Home, SettingsFile, print_json
from triage.settings import load_settings

if TYPE_CHECKING:
    from triage.store.access_tokens import AccessToken, IssuedToken

app = typer.Typer(no_args_is_help=True, help="Create, list, rotate and revoke access tokens.")
TokenId = Annotated[
    str, typer.Argument(metavar="ID", help="The token's id, as `triage token list` shows it.")
]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who or what will use the token.")],
    scope: Annotated[list[str], typer.Option(help=f"Any of {', '.join(SCOPES)}; may be repeated.")],
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="For a portal: a page's origin, such as https://help.example.com; may be repeated."
        ),
    ] = None,
    per_minute: Annotated[
        int | None,
        typer.Option(
            help=f"Requests a minute. [default: {PER_MINUTE}, or {PORTAL_PER_MINUTE} with the scope portal]"
        ),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="Good for so many days.")] = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and show its secret, this once."""
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    settings = load_settings(settings_file, home=home)
    with open_store_of(settings, begins_anew=True) as store:
        made = store.access_tokens.create(
            name, scope, actor=cli_actor(), origins=origin or (), per_minute=per_minute, expires_at=expires_at
        )
    _show_secret(made, as_json=as_json)


@app.command("list")
def list_tokens(home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False) -> None:
    """Show all tokens, without their secrets."""
    with open_home_store(home, settings_file) as store:
        found = store.access_tokens.list()
    if as_json:
        print_json([_shown(token) for token in found])
        return
    for token in found:
        shown = _shown(token)
        used = shown["last_used_at"] or "never used"
        extra = [*token.origins, *([f"until {shown['expires_at']}"] if token.expires_at else [])]
        print(f"{token.id}  {shown['state']:<8} {', '.join(token.scopes):<14} {token.name}  ({used})", *extra)


@app.command()
def rotate(
    token_id: TokenId,
    grace_hours: Annotated[
        float, typer.Option(min=0, max=8760, help="For so long the old secret stays good; 0: not at all.")
    ] = 24,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Give a token a new secret and show it, this once."""
    with open_home_store(home, settings_file) as store:
        made = store.access_tokens.rotate(token_id, actor=cli_actor(), grace=timedelta(hours=grace_hours))
    _show_secret(made, as_json=as_json)


@app.command()
def revoke(
    token_id: TokenId, home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False
) -> None:
    """End a token for good; running servers refuse it within seconds."""
    with open_home_store(home, settings_file) as store:
        revoked = store.access_tokens.revoke(token_id, actor=cli_actor())
    if as_json:
        print_json(_shown(revoked))
    else:
        print(f"{revoked.id} is revoked")


def _show_secret(made: IssuedToken, *, as_json: bool) -> None:
    if as_json:
        print_json(_shown(made.token) | {"secret": made.secret})
        return
    typer.echo("Keep this secret now: only its hash is stored, so it cannot be shown again.", err=True)
    typer.echo("Send it with each request as `Authorization: Bearer …`.", err=True)
    print(made.secret)


def _shown(token: AccessToken) -> dict[str, Any]:
    """Return what may be shown of a token: all but the hashes."""
    moments = {
        name: moment.isoformat(timespec="seconds") if moment else None
        for name in ("created_at", "expires_at", "revoked_at", "last_used_at")
        for moment in [getattr(token, name)]
    }
    return {
        "id": token.id,
        "name": token.name,
        "state": token.state(datetime.now(UTC)),
        "scopes": list(token.scopes),
        "origins": list(token.origins),
        "per_minute": token.per_minute,
        **moments,
    }
