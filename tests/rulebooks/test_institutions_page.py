"""The page docs/institutions.md is what the command prints."""

from pathlib import Path

from click.testing import CliRunner

from server.commands.rulebook import rulebook

PAGE = Path(__file__).parents[2] / "docs" / "institutions.md"


def test_the_page_of_institutions_is_what_the_command_prints() -> None:
    told = CliRunner().invoke(rulebook, ["show", "--table"], env={"JIPING_RULEBOOKS": None, "JIPING_CONFIG": None})
    assert told.exit_code == 0, told.output
    assert PAGE.read_text("utf-8") == told.stdout, "renew it: jiping rulebook show --table > docs/institutions.md"
