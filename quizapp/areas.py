"""The areas of the house in their order: each one's pages and commands are hung into the application here."""

from flask import Flask

from quizapp import audit  # noqa: F401 - tables are known once their modules are read
from quizapp.analysis import models as _analysis  # noqa: F401
from quizapp.analysis import views as analysis
from quizapp.analysis.clues import views as _clues  # noqa: F401 - hangs its pages into those of analysis
from quizapp.attempts import exceptions as attempt_exceptions
from quizapp.attempts import facility
from quizapp.attempts import models as _attempts  # noqa: F401
from quizapp.attempts import views as attempts
from quizapp.attempts.appeals import door as appeals_door
from quizapp.attempts.appeals import queries as appeals
from quizapp.attempts.certificates import models as _certificates  # noqa: F401
from quizapp.attempts.certificates import pages as certificates
from quizapp.attempts.corrections import asked_of
from quizapp.attempts.corrections import models as _corrections  # noqa: F401
from quizapp.attempts.corrections import queries as corrections
from quizapp.attempts.interventions import door as interventions_door
from quizapp.attempts.interventions import queries as interventions
from quizapp.attempts.interventions import views as intervening
from quizapp.attempts.queries import closed_book_running, exam_running
from quizapp.attempts.queries import ends_of_sittings as sittings_of
from quizapp.attempts.runs import first_run
from quizapp.attempts.telling import sources as told_on_exam_page
from quizapp.bank import models as _bank  # noqa: F401
from quizapp.bank import views as bank
from quizapp.bank.access import exam_locks
from quizapp.bank.formats import docx, office
from quizapp.bank.review import recheck, would_suspend
from quizapp.exams import models as _exams  # noqa: F401
from quizapp.exams import slotting
from quizapp.exams import views as exams
from quizapp.exams.actions import before_extension, on_extension, on_publish
from quizapp.exams.assembly_job import before as before_assembly
from quizapp.exams.doors import of_candidate as sheets_of_candidate
from quizapp.exams.doors import sources as doors_of_an_exam
from quizapp.exams.duty import on_call
from quizapp.exams.early_closing import ends_of_sittings
from quizapp.exams.exception_log import Subject
from quizapp.exams.exception_log import subjects as exceptions_told
from quizapp.exams.waiting import sources as waiting_for_makers
from quizapp.home import models as _home  # noqa: F401
from quizapp.home import navigation
from quizapp.home import views as home
from quizapp.operations import metrics
from quizapp.operations import views as operations
from quizapp.people import models as _people  # noqa: F401
from quizapp.people import sessions
from quizapp.people import views as people
from quizapp.people.on_call import sources as helping_to_sign_in
from quizapp.practice import facts as practised
from quizapp.practice import models as _practice  # noqa: F401
from quizapp.practice import offline_views as offline
from quizapp.practice import views as practice
from quizapp.practice.access import practice_locks
from quizapp.regulations import models as _regulations  # noqa: F401
from quizapp.regulations import views as regulations
from quizapp.regulations.access import reading_locks
from quizapp.regulations.actions import on_in_force
from quizapp.regulations.documents import readers as read_by
from quizapp.regulations.foreseeing import stopping
from quizapp.reports import views as reports
from quizapp.reports.reminders.own_views import on_exam_page
from quizapp.short_way import counting as answered_shortly

# What an area to the left asks of one to the right is handed over here, once for the process.
on_in_force.append(recheck)
stopping.append(would_suspend)
read_by.update(word=docx.blocks_of, old=office.converted)
before_assembly += [practised.refresh, facility.refresh]
on_publish += [slotting.freeze, first_run]
before_extension.append(attempt_exceptions.lock_running)
on_extension.append(attempt_exceptions.time_granted)
exceptions_told["attempt"] = Subject(attempt_exceptions.audited_ids, attempt_exceptions.candidates_of)
exceptions_told["marking_run"] = Subject(corrections.audited_ids, lambda _ids: {})  # about nobody alone
helping_to_sign_in.append(on_call)
told_on_exam_page += [on_exam_page, appeals.told, interventions.told_of_exam]
doors_of_an_exam.append(appeals_door.door)
ends_of_sittings.append(sittings_of)
sheets_of_candidate.append(interventions_door.sheets)
waiting_for_makers += [asked_of.waiting, intervening.waiting]
reading_locks.append(closed_book_running)
practice_locks.append(exam_running)
answered_shortly.append(metrics.count)
exam_locks.append(exam_running)


def init_app(app: Flask) -> None:
    sessions.init_app(app)
    to_the_left = (people, regulations, bank, exams, practice, offline, attempts, certificates)
    for area in (*to_the_left, analysis, reports, home, operations):
        app.register_blueprint(area.bp)
    navigation.init_app(app)
