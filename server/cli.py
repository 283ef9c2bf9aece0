"""The `jiping` command: everything that is not a click on a page."""

import click

from server.app import openapi_document
from server.commands.alarms import alarms
from server.commands.calendar import calendar
from server.commands.context import application
from server.commands.mini_program import mini_program
from server.commands.notices import notices
from server.commands.rulebook import rulebook
from server.commands.running import clock, database, run, sandbox, serve
from server.commands.samples import samples
from server.commands.staff import staff
from server.replay.command import replay


@click.command()
def openapi() -> None:
    """接口说明（OpenAPI 3.1），即 docs/openapi.json。"""
    click.echo(openapi_document(application()), nl=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """技评 Jiping：社会化职业技能评价的申报、审核、缴费、通知和准考证。"""


for command in (
    run,
    serve,
    sandbox,
    database,
    clock,
    rulebook,
    calendar,
    staff,
    notices,
    samples,
    alarms,
    replay,
    mini_program,
    openapi,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
