"""The pages and commands of this area, hung into its blueprint by being imported."""

from quizapp.people import (
    api,  # noqa: F401
    cli,  # noqa: F401
    grant_views,  # noqa: F401
    import_views,  # noqa: F401
    jobs,  # noqa: F401
    own_views,  # noqa: F401
    people_check_views,  # noqa: F401
    person_views,  # noqa: F401
    recovery_desk_views,  # noqa: F401
    recovery_views,  # noqa: F401
    sign_in_views,  # noqa: F401
    slip_views,  # noqa: F401
    undo_views,  # noqa: F401
    unit_change_views,  # noqa: F401
    unit_views,  # noqa: F401
)
from quizapp.people.pages import bp as bp
from quizapp.people.tokens import views as _token_views  # noqa: F401
