"""The pages and commands of this area, hung into its blueprint by being imported."""

from quizapp.attempts import (
    cli,  # noqa: F401
    jobs,  # noqa: F401
    paper_result_views,  # noqa: F401
    paper_views,  # noqa: F401
    rehearsal_views,  # noqa: F401
    result_views,  # noqa: F401
    script_views,  # noqa: F401
    start_views,  # noqa: F401
)
from quizapp.attempts.appeals import own_views as own_appeals  # noqa: F401
from quizapp.attempts.appeals import views as appeals  # noqa: F401
from quizapp.attempts.certificates import cli as certificates_cli  # noqa: F401
from quizapp.attempts.certificates import own_views, public_views, setting_views  # noqa: F401
from quizapp.attempts.corrections import (
    approval_views,  # noqa: F401
    asking_views,  # noqa: F401
    rehearsal_job,  # noqa: F401
    views,  # noqa: F401
)
from quizapp.attempts.corrections import cli as _corrections_cli  # noqa: F401
from quizapp.attempts.halls import desk_views, door_views  # noqa: F401
from quizapp.attempts.interventions import views as interventions  # noqa: F401
from quizapp.attempts.late_sheets import views as late_sheets  # noqa: F401
from quizapp.attempts.pages import bp as bp
from quizapp.attempts.transcript import views as transcript_views  # noqa: F401
