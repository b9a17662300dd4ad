"""Every route as every role: who may see what stands in one table, and a route without an entry fails."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from quizapp import clock
from quizapp.analysis.models import ItemStatistic
from quizapp.analysis.refreshing import refresh as refresh_statistics
from quizapp.asked import Values
from quizapp.attempts import layout as layouts
from quizapp.attempts import runs
from quizapp.attempts.appeals.models import Appeal
from quizapp.attempts.certificates import numbers
from quizapp.attempts.certificates.models import Certificate, CertificateKey
from quizapp.attempts.corrections import actions as correcting
from quizapp.attempts.corrections import rehearsal_job
from quizapp.attempts.interventions.models import Intervention
from quizapp.attempts.models import HeldSheet
from quizapp.bank.models import Bank, ErrorReport, Loan, Question, Revision
from quizapp.db import db
from quizapp.exams import actions as exam_actions
from quizapp.exams import presets
from quizapp.exams.halls.models import HallInvigilator, HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.home.models import Feedback
from quizapp.jobs import Job
from quizapp.people.models import Grant, RosterImport, Unit
from quizapp.people.tokens import actions as tokens
from quizapp.practice.models import SelfTest
from quizapp.practice.plan_models import StudyPlan
from quizapp.regulations.models import OwnNote, Regulation
from quizapp.reports.jobs import refresh_study
from quizapp.reports.reminders.models import GroupRobot, Reminder, ReminderDelivery
from tests.cast import Cast, sign_in
from tests.papers import totals

PUBLIC, SIGNED, OWN = "public", "signed", "own"
TOKEN = "token"  # a program's: no sign-in opens it, see people/tokens/test_pulling.py
BANK = {"he", "zhou"}  # writer; reviewer and administrator
EXAM = {"he", "zhou"}  # exam administrator; administrator
REPORT = {"he", "li", "zhou"}
WATCH = {"he", "li", "zhou"}  # 李 watches over the session of the world; the others make exams
UNIT = {"zhou"}
PLAN = {"he", "zhou"}  # who makes exams or administers units
ADMIN = {"zhou"}
LOCAL = "fang"  # holds every role, but on the town alone: others' objects are none of hers


@dataclass(frozen=True)
class Route:
    """who may use it; params: of an object that belongs to the county (or to 江); shared: the town's staff may too."""

    who: Any
    params: dict[str, str] = field(default_factory=dict)  # parameter: attribute of the world, or =value
    shared: bool = False
    absent: bool = False  # the object named here does not exist: who may ask is told so


ROUTES: dict[str, Route] = {
    "static": Route(PUBLIC, {"filename": "=css/app.css"}),
    "operations.healthz": Route(PUBLIC),
    "operations.readyz": Route(PUBLIC),
    "operations.figures": Route(PUBLIC),  # from this machine: see test_metrics.py
    "home.help_index": Route(PUBLIC),
    "home.help_page": Route(PUBLIC, {"name": "=cadre"}),
    "home.help_picture": Route(PUBLIC, {"name": "=absent.png"}, absent=True),
    "home.privacy": Route(PUBLIC),
    "home.feedback": Route(PUBLIC),
    "home.feedback_state": Route(PUBLIC),
    "home.api_document": Route(PUBLIC),
    "home.index": Route(SIGNED),
    "home.job": Route(OWN, {"token": "job"}),
    "home.job_state": Route(OWN, {"token": "job"}),
    "home.job_stop": Route(OWN, {"token": "job"}),
    "home.job_file": Route(OWN, {"token": "job"}, absent=True),
    "home.desk": Route(ADMIN, shared=True),
    "home.desk_answer": Route(ADMIN, {"feedback_id": "feedback"}, shared=True),
    "home.settings": Route(ADMIN, shared=True),
    "home.settings_compliance": Route(ADMIN, shared=True),
    "home.daily_names": Route(ADMIN, shared=True),
    "people.sign_in": Route(PUBLIC),
    "people.sign_in_json": Route(PUBLIC),
    "people.sign_out": Route(PUBLIC),
    "people.recover": Route(PUBLIC),
    "people.recover_password": Route(PUBLIC),
    "people.text_size": Route(PUBLIC),
    "people.welcome": Route(SIGNED),
    "people.codes": Route(SIGNED),
    "people.confirm_password": Route(SIGNED),
    "people.password": Route(SIGNED),
    "people.me": Route(SIGNED),
    "people.end_others": Route(SIGNED),
    "people.units": Route(UNIT, shared=True),
    "people.units_edit": Route(ADMIN, {"unit_id": "office"}),
    "people.units_change": Route(ADMIN, {"unit_id": "office", "act": "=rename"}),
    "people.units_new": Route(ADMIN, shared=True),
    "people.units_import": Route(ADMIN, shared=True),
    "people.units_import_check": Route(ADMIN, {"token": "=no-such-upload"}, absent=True),
    "people.units_import_confirm": Route(ADMIN, {"token": "=no-such-upload"}, shared=True),
    "people.units_template": Route(ADMIN, shared=True),
    "people.people": Route(UNIT, shared=True),
    "people.people_show": Route(UNIT, {"person_id": "jiang"}),
    "people.people_switch": Route(UNIT, {"person_id": "jiang", "act": "=disable"}),
    "people.people_export": Route(UNIT, shared=True),
    "people.people_import": Route(ADMIN, shared=True),
    "people.people_import_check": Route(ADMIN, {"token": "=no-such-upload"}, absent=True),
    "people.people_import_confirm": Route(ADMIN, {"token": "=no-such-upload"}, shared=True),
    "people.people_template": Route(ADMIN, shared=True),
    "people.people_imports": Route(ADMIN, shared=True),
    "people.people_imports_show": Route(ADMIN, {"import_id": "roster_import"}),
    "people.people_imports_undo": Route(ADMIN, {"import_id": "roster_import"}),
    "people.slips": Route(UNIT, shared=True, absent=True),
    "people.people_recoveries": Route(UNIT, shared=True),
    "people.people_recoveries_decide": Route(UNIT, {"person_id": "jiang", "act": "=confirm"}),
    "people.grants": Route(ADMIN, shared=True),
    "people.grants_withdraw": Route(ADMIN, {"grant_id": "grant"}),
    "people.grants_tokens": Route(ADMIN, shared=True),
    "people.grants_tokens_revoke": Route(ADMIN, {"token_id": "api_token"}),
    "people.api_units": Route(TOKEN),
    "people.api_people": Route(TOKEN),
    "regulations.index": Route(SIGNED),
    "regulations.show": Route(SIGNED, {"slug": "law"}),
    "regulations.text": Route(SIGNED, {"slug": "law"}),
    "regulations.chapter": Route(SIGNED, {"slug": "law", "number": "=3"}),
    "regulations.article": Route(SIGNED, {"slug": "law", "article": "=24"}),
    "regulations.search": Route(SIGNED),
    "regulations.numbers": Route(SIGNED, {"slug": "law"}),
    "regulations.compare": Route(SIGNED, {"slug": "law"}, absent=True),  # it has one edition
    "regulations.notes": Route(SIGNED),
    "regulations.notes_file": Route(SIGNED),
    "regulations.note": Route(SIGNED, {"slug": "law", "anchor": "=24.1"}),
    "regulations.note_act": Route(OWN, {"note_id": "own_note", "act": "=remove"}),
    "regulations.bookmark": Route(SIGNED, {"slug": "law", "anchor": "=24.1"}),
    "regulations.load": Route(BANK),
    "regulations.load_check": Route(BANK, {"token": "=no-such-upload"}, absent=True),
    "regulations.load_confirm": Route(BANK, {"token": "=no-such-upload"}, absent=True),
    "regulations.load_discard": Route(BANK, {"token": "=no-such-upload"}),
    "practice.index": Route(SIGNED),
    "practice.daily": Route(SIGNED),
    "practice.begin_daily": Route(SIGNED),
    "practice.daily_question": Route(SIGNED, {"day": "today", "number": "=1"}, absent=True),
    "practice.answer_daily": Route(SIGNED, {"day": "today", "number": "=1"}),
    "practice.article": Route(SIGNED, {"slug": "law", "article": "=24"}),
    "practice.begin_article": Route(SIGNED, {"slug": "law", "article": "=24"}),
    "practice.report_daily": Route(SIGNED, {"day": "today", "number": "=1"}, absent=True),
    "practice.report_test": Route(OWN, {"token": "test", "number": "=1"}, absent=True),
    "practice.self_test": Route(SIGNED),
    "practice.test": Route(OWN, {"token": "test"}),
    "practice.test_question": Route(OWN, {"token": "test", "number": "=1"}),
    "practice.answer_test": Route(OWN, {"token": "test", "number": "=1"}),
    "practice.begin_before_exam": Route(OWN, {"exam_id": "exam"}),
    "practice.wrong": Route(SIGNED),
    "practice.daily_minutes": Route(SIGNED),
    "practice.mastery": Route(SIGNED, {"slug": "law"}),
    "practice.plans": Route(PLAN, shared=True),
    "practice.plans_new": Route(PLAN, shared=True),
    "practice.plans_edit": Route(PLAN, {"plan_id": "plan"}),
    "practice.plans_end": Route(PLAN, {"plan_id": "plan"}),
    "practice.plans_calibration": Route(PLAN, shared=True),
    "offline.page": Route(PUBLIC),
    "offline.worker": Route(PUBLIC),
    "offline.manifest": Route(PUBLIC, absent=True),
    "offline.carried": Route(SIGNED),
    "offline.prepare": Route(SIGNED),
    "offline.book": Route(SIGNED),
    "offline.ready": Route(SIGNED),
    "offline.answers": Route(SIGNED),
    "practice.wrong_print": Route(SIGNED),
    "practice.change_wrong": Route(SIGNED, {"question_id": "practised"}),
    "practice.favourites": Route(SIGNED),
    "practice.keep_favourite": Route(SIGNED, {"question_id": "practised"}),
    "practice.own_certainty": Route(SIGNED),
    "practice.ask_certainty": Route(SIGNED),
    "practice.articles": Route(SIGNED),
    "practice.again": Route(OWN, {"token": "test"}, absent=True),
    "practice.flag_test": Route(OWN, {"token": "test", "number": "=1"}),
    "practice.drop_test": Route(OWN, {"token": "test"}),
    "practice.mock": Route(SIGNED),
    "practice.begin_mock": Route(
        {"jiang", "luo", "he", "li", "zhou", "fang"}, {"exam_id": "exam"}, shared=True
    ),
    "practice.check_mock": Route(OWN, {"token": "mock"}),
    "practice.hand_in_mock": Route(OWN, {"token": "mock"}),
    "attempts.index": Route(SIGNED),
    "attempts.rules": Route({"jiang", "luo", "he", "li", "zhou", "fang"}, {"exam_id": "exam"}, shared=True),
    "attempts.start": Route({"jiang", "luo", "he", "li", "zhou", "fang"}, {"exam_id": "exam"}, shared=True),
    "attempts.rehearse": Route(
        {"jiang", "luo", "he", "li", "zhou", "fang"}, {"exam_id": "exam"}, shared=True
    ),
    "attempts.paper": Route(OWN, {"token": "attempt"}),
    "attempts.check": Route(OWN, {"token": "attempt"}),
    "attempts.open_page": Route(OWN, {"token": "attempt"}),
    "attempts.sheet": Route(OWN, {"token": "attempt"}),
    "attempts.sheet_form": Route(OWN, {"token": "attempt"}),
    "attempts.hand_in": Route(OWN, {"token": "attempt"}),
    "attempts.status": Route(OWN, {"token": "attempt"}),
    "attempts.receipt": Route(OWN, {"token": "attempt"}),
    "attempts.result": Route(OWN, {"token": "attempt"}),
    "attempts.report": Route(OWN, {"token": "attempt", "number": "=1"}, absent=True),
    "attempts.appeal": Route(OWN, {"token": "attempt", "number": "=1"}, absent=True),
    "attempts.appeal_withdraw": Route(OWN, {"token": "attempt", "number": "=1"}),
    "attempts.appeals": Route(EXAM, {"exam_id": "exam"}),
    "attempts.appeals_one": Route(EXAM, {"exam_id": "exam", "appeal_id": "appeal"}),
    "attempts.appeals_reopen": Route(EXAM, {"exam_id": "exam", "appeal_id": "appeal"}),
    "attempts.held_sheets": Route(EXAM, {"exam_id": "exam"}),
    "attempts.held_sheets_one": Route(EXAM, {"exam_id": "exam", "held_id": "held"}),
    "attempts.held_sheets_act": Route(EXAM, {"exam_id": "exam", "held_id": "held", "act": "=reject"}),
    "attempts.transcript": Route(SIGNED),
    "attempts.transcript_file": Route(SIGNED),
    "attempts.take_certificate": Route(
        {"jiang", "luo", "he", "li", "zhou", "fang"}, {"exam_id": "exam"}, shared=True
    ),
    "attempts.certificate": Route(OWN, {"number": "certificate"}),
    "attempts.certificate_file": Route(OWN, {"number": "certificate"}),
    "attempts.certificate_setting": Route(EXAM, {"exam_id": "exam"}),
    "attempts.certificate_setting_stop": Route(EXAM, {"exam_id": "exam"}),
    "certificates.check": Route(PUBLIC),
    "certificates.public": Route(PUBLIC, {"number": "certificate"}),
    "certificates.keys": Route(PUBLIC),
    "attempts.trial": Route(EXAM, {"exam_id": "exam"}),
    "attempts.hall": Route(PUBLIC),
    "attempts.hall_exam": Route(PUBLIC),
    "attempts.hall_notice": Route(PUBLIC),
    "attempts.hall_start": Route(PUBLIC),
    "attempts.hall_leave": Route(PUBLIC),
    "attempts.desks": Route(SIGNED),
    "attempts.desks_show": Route(WATCH, {"session_id": "hall"}),
    "attempts.desks_state": Route(WATCH, {"session_id": "hall"}),
    "attempts.desks_admit": Route(WATCH, {"session_id": "hall", "candidate_id": "candidate"}),
    "attempts.desks_move": Route(WATCH, {"session_id": "hall", "candidate_id": "candidate"}),
    "attempts.desks_time": Route(WATCH, {"session_id": "hall", "candidate_id": "candidate"}),
    "attempts.desks_note": Route(WATCH, {"session_id": "hall"}),
    "attempts.desks_end": Route(WATCH, {"session_id": "hall"}),
    "attempts.desks_sheet": Route(WATCH, {"session_id": "hall"}),
    "attempts.desks_record": Route(WATCH, {"session_id": "hall"}),
    "bank.index": Route(BANK, shared=True),
    "bank.index_new": Route(BANK, shared=True),
    "bank.template": Route(BANK, shared=True),
    "bank.show": Route(BANK, {"slug": "own_bank"}),
    "bank.bulk_change": Route(BANK, {"slug": "own_bank"}),
    "bank.question": Route(BANK, {"slug": "own_bank", "code": "code"}),
    "bank.question_edit": Route(BANK, {"slug": "own_bank", "code": "code"}),
    "bank.question_edit_preview": Route(BANK, {"slug": "own_bank", "code": "code"}),
    "bank.question_new": Route(BANK, {"slug": "own_bank"}),
    "bank.question_new_preview": Route(BANK, {"slug": "own_bank"}),
    "bank.question_step": Route(
        BANK, {"slug": "own_bank", "code": "code", "number": "=1", "step": "=submit"}
    ),
    "bank.question_comment": Route(BANK, {"slug": "own_bank", "code": "code", "number": "=1"}),
    "bank.question_changes": Route(BANK, {"slug": "own_bank", "code": "code", "number": "=1"}, absent=True),
    "bank.load": Route(BANK, {"slug": "own_bank"}),
    "bank.load_check": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}, absent=True),
    "bank.load_problems": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}, absent=True),
    "bank.load_columns": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}, absent=True),
    "bank.load_format": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}),
    "bank.load_decide": Route(
        BANK, {"slug": "own_bank", "token": "=no-such-upload", "place": "=0", "step": "=take"}
    ),
    "bank.load_edit": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload", "place": "=0"}),
    "bank.load_simplify": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}),
    "bank.load_take_all": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}),
    "bank.load_store": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}),
    "bank.load_discard": Route(BANK, {"slug": "own_bank", "token": "=no-such-upload"}),
    "bank.batches": Route(BANK, {"slug": "own_bank"}),
    "bank.batch": Route(BANK, {"slug": "own_bank", "batch_id": "=1", "step": "=undo"}),
    "bank.export": Route(BANK, {"slug": "own_bank"}),
    "bank.soundness": Route(BANK, {"slug": "own_bank"}),
    "bank.seal": Route(BANK, {"slug": "own_bank"}),
    "bank.loans": Route(ADMIN, {"slug": "own_bank"}),
    "bank.loan_step": Route(ADMIN, {"slug": "own_bank", "loan_id": "loan", "step": "=end"}),
    "bank.my_reports": Route(SIGNED),
    "bank.reports": Route(BANK, shared=True),
    "bank.report": Route(BANK, {"report_id": "report"}),
    "exams.index": Route(EXAM, shared=True),
    "exams.new": Route(EXAM, shared=True),
    "exams.show": Route(EXAM, {"exam_id": "exam"}),
    "exams.edit": Route(EXAM, {"exam_id": "draft"}),
    "exams.blueprint": Route(EXAM, {"exam_id": "draft"}),
    "exams.blueprint_check": Route(EXAM, {"exam_id": "draft"}),
    "exams.papers": Route(EXAM, {"exam_id": "exam"}),
    "exams.papers_assemble": Route(EXAM, {"exam_id": "draft"}),
    "exams.papers_pick": Route(EXAM, {"exam_id": "draft"}),
    "exams.print_one": Route(EXAM, {"exam_id": "exam", "what": "=paper", "form": "=1", "ending": "=docx"}),
    "attempts.paper_results": Route(EXAM, {"exam_id": "exam"}),
    "attempts.paper_results_one": Route(EXAM, {"exam_id": "exam"}),
    "attempts.paper_results_template": Route(EXAM, {"exam_id": "exam"}),
    "attempts.paper_results_check": Route(EXAM, {"exam_id": "exam", "token": "=no-such-upload"}, absent=True),
    "attempts.paper_results_store": Route(EXAM, {"exam_id": "exam", "token": "=no-such-upload"}),
    "attempts.interventions_waiting": Route(EXAM, shared=True),
    "attempts.intervention": Route(EXAM, {"exam_id": "exam", "attempt_id": "sheet"}),
    "attempts.intervention_ask": Route(EXAM, {"exam_id": "exam", "attempt_id": "sheet", "kind": "=void"}),
    "attempts.intervention_decide": Route(
        EXAM,
        {"exam_id": "exam", "attempt_id": "sheet", "intervention_id": "intervention", "act": "=reject"},
    ),
    "attempts.corrections": Route(EXAM, {"exam_id": "exam"}),
    "attempts.correction_new": Route(EXAM, {"exam_id": "exam"}),
    "attempts.corrections_waiting": Route(EXAM, shared=True),
    "attempts.correction": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_file": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_submit": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_approve": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_progress": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_reject": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_withdraw": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_again": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "attempts.correction_bank": Route(EXAM, {"exam_id": "exam", "run_id": "run"}, absent=True),
    "attempts.correction_restore": Route(EXAM, {"exam_id": "exam", "run_id": "run"}),
    "exams.print_all": Route(EXAM, {"exam_id": "exam"}),
    "exams.slots_page": Route(EXAM, {"exam_id": "draft"}),
    "exams.slots_spread": Route(EXAM, {"exam_id": "draft"}),
    "exams.slots_clear": Route(EXAM, {"exam_id": "draft"}),
    "exams.calendar": Route(EXAM, shared=True),
    "exams.presets": Route(EXAM, shared=True),
    "exams.preset": Route(EXAM, {"preset_id": "preset"}, shared=True),
    "exams.preset_act": Route(EXAM, {"preset_id": "preset", "act": "=hide"}, shared=True),
    "exams.holidays": Route(ADMIN, shared=True),
    "exams.holidays_file": Route(ADMIN, shared=True),
    "exams.holidays_import": Route(ADMIN, shared=True),
    "exams.holidays_check": Route(ADMIN, {"token": "=no-such-upload"}, absent=True),
    "exams.holidays_confirm": Route(ADMIN, {"token": "=no-such-upload"}, shared=True),
    "exams.preview": Route(EXAM, {"exam_id": "exam"}),
    "exams.questions": Route(EXAM, {"exam_id": "exam"}),
    "exams.publish": Route(EXAM, {"exam_id": "draft"}),
    "exams.release": Route(EXAM, {"exam_id": "exam"}),
    "exams.cancel": Route(EXAM, {"exam_id": "exam"}),
    "exams.candidates": Route(EXAM, {"exam_id": "exam"}),
    "exams.candidate": Route(EXAM, {"exam_id": "exam", "candidate_id": "candidate"}),
    "exams.candidate_status": Route(EXAM, {"exam_id": "exam", "candidate_id": "candidate"}),
    "exams.candidate_time": Route(EXAM, {"exam_id": "exam", "candidate_id": "candidate"}),
    "exams.candidate_attempts": Route(EXAM, {"exam_id": "exam", "candidate_id": "candidate"}),
    "exams.candidates_time": Route(EXAM, {"exam_id": "exam"}),
    "exams.excuse_queue": Route(EXAM, shared=True),
    "exams.excuse_decide": Route(EXAM, shared=True),
    "exams.excuses": Route(set(), shared=True),
    "exams.excuses_ask": Route(set(), {"exam_id": "exam"}, shared=True),
    "exams.excuses_withdraw": Route(set(), {"request_id": "request"}),
    "exams.extensions": Route(EXAM, {"exam_id": "exam"}),
    "exams.duty_named": Route(EXAM, {"exam_id": "exam"}),
    "exams.duty_remove": Route(EXAM, {"exam_id": "exam", "person_id": "jiang"}),
    "exams.duty_desk": Route({"luo"}, {"exam_id": "exam"}),
    "exams.duty_reset": Route({"luo"}, {"exam_id": "exam", "candidate_id": "candidate"}),
    "exams.exception_record": Route(EXAM, {"exam_id": "exam"}),
    "exams.exception_file": Route(EXAM, {"exam_id": "exam"}),
    "exams.add_candidate": Route(EXAM, {"exam_id": "exam"}),
    "exams.list_changes": Route(EXAM, {"exam_id": "exam"}),
    "exams.list_changes_apply": Route(EXAM, {"exam_id": "exam"}),
    "exams.void": Route(EXAM, {"exam_id": "exam"}),
    "exams.void_confirmed": Route(EXAM, {"exam_id": "exam"}),
    "exams.makeup": Route(EXAM, {"exam_id": "exam"}),
    "exams.makeup_arranged": Route(EXAM, {"exam_id": "exam"}),
    "exams.people_of": Route(EXAM, {"exam_id": "draft"}),
    "exams.people_named": Route(EXAM, {"exam_id": "draft"}),
    "exams.people_pasted": Route(EXAM, {"exam_id": "draft"}),
    "exams.people_units": Route(EXAM, {"exam_id": "draft"}),
    "exams.halls": Route(EXAM, {"exam_id": "exam"}),
    "exams.hall": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_edit": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_remove": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_code": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_fill": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_place": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_unplace": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_appoint": Route(EXAM, {"exam_id": "exam", "session_id": "hall"}),
    "exams.hall_dismiss": Route(EXAM, {"exam_id": "exam", "session_id": "hall", "person_id": "li"}),
    "analysis.index": Route(EXAM, shared=True),
    "analysis.index_keys": Route(EXAM, shared=True),
    "analysis.exam": Route(EXAM, {"exam_id": "exam"}),
    "analysis.compute": Route(EXAM, {"exam_id": "exam"}),
    "analysis.items_file": Route(EXAM, {"exam_id": "exam"}),
    "analysis.difficulty": Route(EXAM, {"exam_id": "exam"}),
    "analysis.item": Route(EXAM, {"exam_id": "exam", "revision_id": "asked"}),
    "analysis.item_step": Route(EXAM, {"exam_id": "exam", "revision_id": "asked", "step": "=check"}),
    "reports.index": Route(REPORT, shared=True),
    "reports.index_exam": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_exam_people": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_heat": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_exam_file": Route(REPORT, {"exam_id": "exam", "unit": "county", "kind": "=xlsx"}),
    "reports.index_exam_reminders": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_exam_reminders_withdraw": Route(REPORT, {"reminder_id": "reminder"}),
    "reports.index_robots": Route({"li", "zhou"}, {"unit": "county"}),
    "reports.index_robots_remove": Route({"li", "zhou"}, {"robot_id": "robot"}),
    "reports.dismiss": Route(OWN, {"exam_id": "exam"}),
    "reports.mail": Route(SIGNED),
    "reports.remove_mail": Route(SIGNED),
    "reports.index_person": Route(REPORT, {"person_id": "jiang"}),
    "reports.index_documents": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "analysis.clues": Route(EXAM, {"exam_id": "exam"}),
    "analysis.clues_search": Route(EXAM, {"exam_id": "exam"}),
    "analysis.clue": Route(EXAM, {"exam_id": "exam", "attempt_id": "=0"}, absent=True),
    "analysis.clue_review": Route(EXAM, {"exam_id": "exam", "attempt_id": "=0"}, absent=True),
    "analysis.own_clues": Route(
        {"jiang", "luo", "he", "li", "zhou", "fang"}, {"exam_id": "exam"}, shared=True
    ),
    "analysis.own_clues_say": Route(OWN, {"exam_id": "exam", "attempt_id": "=0"}, absent=True),
    "reports.index_archive": Route(EXAM, {"exam_id": "exam"}),
    "reports.index_archive_make": Route(EXAM, {"exam_id": "exam"}),
    "reports.index_summary": Route(REPORT, {"exam_id": "exam", "unit": "county", "kind": "=docx"}),
    "reports.index_circular": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_circular_file": Route(REPORT, {"exam_id": "exam", "unit": "county", "kind": "=pdf"}),
    "reports.index_wording": Route(EXAM, {"exam_id": "exam", "unit": "county"}),
    "reports.index_scores": Route(REPORT, {"exam_id": "exam", "unit": "county", "kind": "=pdf"}),
    "reports.index_certificates": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_certificates_print": Route(REPORT, {"exam_id": "exam", "unit": "county"}),
    "reports.index_certificate_file": Route(REPORT, {"number": "certificate"}),
    "reports.index_daily": Route(REPORT, {"unit": "county"}),
    "reports.index_daily_file": Route(REPORT, {"unit": "county", "kind": "=csv"}),
    "reports.index_mastery": Route(REPORT, {"unit": "county"}),
    "reports.index_mastery_article": Route(REPORT, {"unit": "county", "regulation": "law", "article": "=1"}),
    "reports.index_briefing": Route(REPORT, {"unit": "county"}),
    "reports.index_briefing_file": Route(REPORT, {"unit": "county"}),
    "reports.api_exams": Route(TOKEN),
    "reports.api_completion": Route(TOKEN, {"exam_id": "exam"}),
    "reports.api_results": Route(TOKEN, {"exam_id": "exam"}),
}


@pytest.fixture
def world(app: Flask, cast: Cast, bank: int) -> dict[str, str]:
    """Objects of the county and of 江, and 方 who holds every role on the town alone."""
    from sqlalchemy import select

    from quizapp.attempts import starting
    from quizapp.exams.models import ExamDuty, ExcuseRequest

    now = clock.now()
    for role in ("administrator", "unit_administrator", "leader", "writer", "reviewer", "exam_administrator"):
        db.session.add(Grant(person_id=cast.fang, role=role, unit_id=cast.town, granted_at=now))
    values = {
        "title": "年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 50, "multiple": 50, "judge": 50},
        "blueprint": totals(single=2, multiple=2, judge=2),
        "pass_mark": 200,
        "excellent_mark": 270,
        "bands": [["合格", 200]],
        "opens_at": now + timedelta(minutes=1),
        "closes_at": now + timedelta(days=5),
    }
    exam, draft = (
        exam_actions.create(
            unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
        )
        for _ in range(2)
    )
    exam_actions.publish(exam, now, actor_id=cast.he)
    exam.opens_at = now - timedelta(minutes=1)
    candidate = db.session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == cast.jiang)
    ).one()
    attempt = starting.start(db.session.get_one(Exam, exam.id), candidate, pledge="承诺", now=now)
    place = layouts.from_text(attempt.layout)[0]
    of_attempt = {"attempt_id": attempt.id, "words": "答案有误。", "made_at": now}
    appeal = Appeal(exam_id=exam.id, number=1, revision_id=place.revision_id, **of_attempt)
    late = {"sheet": "A" + "." * (attempt.slots - 1), "sheet_hash": "0", "reason": "closed", "at": now}
    held = HeldSheet(attempt_id=attempt.id, epoch=1, revision=1, **late)
    acted = Intervention(
        exam_id=exam.id,
        attempt_id=attempt.id,
        kind="void",
        reason="替考",
        asked_by_id=cast.he,
        asked_at=now,
    )
    db.session.add_all([appeal, held, acted])
    presets.fill()
    own = Bank(slug="county-bank", title="县题库", unit_id=cast.county, created_at=now)
    feedback = Feedback(code="ABCDEFGH", person_id=cast.jiang, page="/", text="建议", sent_at=now)
    job = Job(token="a-job", kind="x", payload={}, person_id=cast.jiang, created_at=now, touched_at=now)
    kept = {"before": {}, "after": {}, "new": []}
    summary = {"added": 1, "changed": 0, "unchanged": 0, "ended": 0}
    sheet = {"kind": "people", "file_name": "名册.xlsx", "file_hash": "0", "summary": summary, "undo": kept}
    imported = RosterImport(**sheet, by_id=cast.zhou, at=now)
    db.session.add_all([own, feedback, job, imported])
    db.session.flush()
    question = Question(bank_id=own.id, code="Q-1", created_by_id=cast.he, created_at=now)
    db.session.add(question)
    db.session.flush()
    revision = Revision(
        question_id=question.id,
        number=1,
        kind="single",
        stem="题干（　　）。",
        options=["甲", "乙"],
        key="A",
        content_hash="0",
        author_id=cast.he,
        created_at=now,
    )
    some = db.session.scalars(select(Revision.id).where(Revision.status == "published").limit(2)).all()
    practised = db.session.get_one(Revision, some[0]).question_id
    test = SelfTest(token="a-test", person_id=cast.jiang, scope="全部", revisions=list(some), created_at=now)
    mock = {"token": "a-mock", "scope": "模拟考试", "mode": "mock", "mock_of_id": exam.id, "created_at": now}
    db.session.add_all([revision, test, SelfTest(person_id=cast.jiang, revisions=list(some), **mock)])
    db.session.flush()
    seen = {"question_id": question.id, "revision_id": revision.id, "person_id": cast.luo}
    report = ErrorReport(**seen, text="选项有误。", sent_at=now)
    loan = Loan(bank_id=own.id, unit_id=cast.office, level="practise", lent_at=now)
    asked = ExcuseRequest(candidate_id=candidate.id, kind="exempt", reason="产假", asked_at=now)
    duty = ExamDuty(exam_id=exam.id, person_id=cast.luo, phone="0839-1234567")
    hall = HallSession(
        exam_id=exam.id,
        title="第一场",
        hall="县委党校机房",
        seats=30,
        opens_at=exam.opens_at,
        closes_at=exam.closes_at,
        start_code="246810",
    )
    db.session.add_all([report, loan, asked, duty, hall])
    db.session.flush()
    db.session.add_all(
        [
            HallInvigilator(session_id=hall.id, person_id=cast.li),
            HallPlace(session_id=hall.id, candidate_id=candidate.id, seat=1),
        ]
    )
    db.session.commit()
    reminder = Reminder(exam_id=exam.id, unit_id=cast.county, channels=["app"], asked_at=now, due_at=now)
    robot = GroupRobot(unit_id=cast.county, maker="wecom", label="县群", added_at=now)
    robot.address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef"
    db.session.add_all([reminder, robot])
    db.session.flush()
    plan = StudyPlan(
        unit_id=cast.county,
        regulations=["xinfang-gongzuo-tiaoli"],
        share=80,
        by_day=clock.today() + timedelta(days=30),
        created_at=now,
    )
    db.session.add(plan)
    told = {"reminder_id": reminder.id, "person_id": cast.jiang}
    db.session.add(ReminderDelivery(channel="app", state="sent", **told))
    law = db.session.scalars(select(Regulation.id).where(Regulation.slug == "xinfang-gongzuo-tiaoli")).one()
    note = OwnNote(person_id=cast.jiang, regulation_id=law, anchor="24.1", words="", bookmarked=True, text="")
    note.written_at = now
    db.session.add(note)
    db.session.commit()
    refresh_study()  # what a 学情简报 is written from
    refresh_statistics(exam.id, now, lambda *_: None)
    asked_in_exam = db.session.scalars(select(ItemStatistic.revision_id).limit(1)).one()
    token, _ = tokens.make(
        db.session.get_one(Unit, cast.county), "省平台", ["units:read"], 30, now=now, actor_id=cast.zhou
    )
    db.session.commit()
    refresh_study()  # what a 学情简报 is made of
    key = CertificateKey(id="00000000", public="A" * 43, made_at=now)
    db.session.add(key)
    db.session.flush()
    words = {"title": "合格证书", "name": "江映雪", "unit": "县信访局", "exam": "往年考试", "level": "合格"}
    words |= {"issuer": "青石县", "key_id": key.id, "signature": "A" * 86, "claim_key": "0" * 64}
    days = {"examined_on": clock.today(), "issued_on": clock.today(), "issued_at": now}
    certificate = Certificate(number=numbers.new(2026), candidate_id=passed(cast, now), **words, **days)
    db.session.add(certificate)
    db.session.commit()
    grant = db.session.scalars(select(Grant.id).where(Grant.person_id == cast.li)).first()
    run_id = corrected(exam.id, cast)
    return {
        "run": str(run_id),
        "county": str(cast.county),
        "office": str(cast.office),
        "jiang": str(cast.jiang),
        "law": "xinfang-gongzuo-tiaoli",
        "today": clock.today().isoformat(),
        "exam": str(exam.id),
        "draft": str(draft.id),
        "candidate": str(candidate.id),
        "request": str(asked.id),
        "attempt": attempt.token,
        "appeal": str(appeal.id),
        "held": str(held.id),
        "sheet": str(attempt.id),
        "intervention": str(acted.id),
        "own_bank": own.slug,
        "code": question.code,
        "feedback": str(feedback.id),
        "report": str(report.id),
        "preset": str(presets.listed()[0].id),
        "loan": str(loan.id),
        "job": job.token,
        "roster_import": str(imported.id),
        "test": test.token,
        "plan": str(plan.id),
        "mock": mock["token"],
        "practised": str(practised),
        "certificate": certificate.number,
        "asked": str(asked_in_exam),
        "grant": str(grant),
        "api_token": str(token.id),
        "hall": str(hall.id),
        "reminder": str(reminder.id),
        "robot": str(robot.id),
        "own_note": str(note.id),
        "li": str(cast.li),
    }


def corrected(exam_id: int, cast: Cast) -> int:
    """A correction of one question, rehearsed and submitted by 何; the id of its run."""
    exam, now = db.session.get_one(Exam, exam_id), clock.now()
    keys = runs.current({exam.id})[exam.id].keys
    first = min(keys)
    asked = {first: replace(keys[first], treatment="full")}
    run_id = correcting.ask(exam, asked, policy="new", reason="答案有误", actor_id=cast.he, now=now).run_id
    rehearsal_job.run(run_id, lambda done, total, words="": None)
    correcting.submit(run_id, actor_id=cast.he)
    db.session.commit()
    return run_id


def passed(cast: Cast, now: datetime) -> int:
    """江 has passed an exam of an earlier year; the id of her candidate's row."""
    told = {"title": "往年考试", "purpose": "annual", "unit_id": cast.county, "state": "published"}
    days = {"opens_at": now - timedelta(days=400), "closes_at": now - timedelta(days=390)}
    old = Exam(certificates=True, created_at=days["opens_at"], published_at=days["opens_at"], **told, **days)
    db.session.add(old)
    db.session.flush()
    for unit, lft, rgt, name in ((cast.county, 1, 9, "青石县"), (cast.office, 2, 3, "县信访局")):
        db.session.add(ExamUnit(exam_id=old.id, lft=lft, rgt=rgt, unit_id=unit, name=name))
    one = Candidate(exam_id=old.id, person_id=cast.jiang, unit_id=cast.office, lft=2, name="江映雪")
    one.name_key, one.started, one.sat, one.passed = "jiang", True, True, True
    one.points, one.finished_at = 600, days["closes_at"]
    db.session.add(one)
    db.session.flush()
    return one.id


def address(app: Flask, endpoint: str, world: dict[str, str]) -> str:
    params = ROUTES[endpoint].params
    values = {name: v[1:] if v.startswith("=") else world[v] for name, v in params.items()}
    with app.test_request_context():
        return app.url_for(endpoint, **values)


def may(name: str, route: Route) -> bool:
    if route.who == PUBLIC:
        return True
    if name == "visitor" or route.who == TOKEN:
        return False
    if route.who == SIGNED:
        return True
    if route.who == OWN:
        return name == "jiang"
    return route.shared if name == LOCAL else name in route.who


def methods(app: Flask, *wanted: str) -> list[tuple[str, str]]:
    """(endpoint, method) of all routes with one of these methods."""
    return sorted(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {*wanted}
    )


def test_every_route_stands_in_the_table(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


PEOPLE = ["visitor", "jiang", "luo", "he", "li", "zhou", "fang"]


@pytest.fixture
def browse(app: Flask, cast: Cast) -> Callable[[str], Any]:
    def as_somebody(name: str) -> Any:
        client = app.test_client()
        return client if name == "visitor" else sign_in(client, getattr(cast, name))

    return as_somebody


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_open_for_whom_they_are_and_are_not_there_for_others(app, world, browse, name):
    """Hazard H38; and hazard H51: nothing that a signed-in person sees stays in a cache."""
    client, wrong = browse(name), []
    for endpoint, _ in methods(app, "GET"):
        route = ROUTES[endpoint]
        reply = client.get(address(app, endpoint, world))
        status = reply.status_code
        if may(name, route):
            fine = status in (200, 302, 303) or (route.absent and status in (404, 422))
            if status in (302, 303) and name != "visitor":
                fine = "/sign-in" not in reply.headers["Location"]
        elif route.who == TOKEN:
            fine = status == 401
        elif name == "visitor":
            fine = status in (303, 401) and (status == 401 or "/sign-in" in reply.headers["Location"])
        else:
            fine = status == 404
        if endpoint != "static":
            fine = fine and reply.headers["Cache-Control"] == "no-store" and "Cookie" in reply.headers["Vary"]
        csp = reply.headers["Content-Security-Policy"]
        fine = fine and "unsafe" not in csp and reply.headers["X-Content-Type-Options"] == "nosniff"
        if not fine:
            wrong.append((endpoint, status, reply.headers.get("Location")))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("name", PEOPLE)
def test_changes_are_refused_to_whom_they_are_not_for(app, world, browse, name):
    client, wrong = browse(name), []
    client.page("/feedback")
    for endpoint, method in methods(app, "POST", "PUT"):
        route = ROUTES[endpoint]
        if may(name, route):
            continue
        reply = client.open(
            address(app, endpoint, world),
            method=method,
            data={"csrf_token": client.token},
            follow_redirects=False,
        )
        if name == "visitor":
            at_door = reply.status_code == 303 and "/sign-in" in reply.headers["Location"]
            fine = at_door or reply.status_code in (401, 415, 422)
        else:
            fine = reply.status_code in (404, 415, 422)  # a wrong shape is told before anything is read
        if not fine:
            wrong.append((endpoint, reply.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_no_change_without_the_token_of_the_page(app, world, browse):
    """Hazard H42."""
    client, wrong = browse("jiang"), []
    for endpoint, method in methods(app, "POST", "PUT"):
        form = client.open(address(app, endpoint, world), method=method, data={"x": "1"})
        script = client.open(address(app, endpoint, world), method=method, json={"x": 1})
        if form.status_code != 400 or script.status_code != 403:
            wrong.append((endpoint, form.status_code, script.status_code))
    assert not wrong, "\n".join(map(str, wrong))


# Numbers beyond what tables hold ----------------------------------------------------------------------------

HUGE = ("2147483648", "99999999999999999999", "9" * 5000)
REMOVALS = {"exams.duty_remove", "exams.hall_dismiss"}  # of somebody who is not there: done already
ASKED = {  # by which names a page is asked for a number in its query
    found[1]
    for path in (Path(__file__).parent.parent / "quizapp").rglob("*.py")
    for found in re.finditer(r"\.get(?:list)?\(\"(\w+)\"[^\n]*\bint\)", path.read_text(encoding="utf-8"))
}


def with_numbers(app: Flask, world: dict[str, str], number: str, *wanted: str) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of each number that stands in an address, with `number` in its place."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {
            name: v[1:] if v.startswith("=") else world[v] for name, v in ROUTES[rule.endpoint].params.items()
        }
        for part in re.findall(r"<int:(\w+)>", rule.rule):
            path = re.sub(rf"<int:{part}>", number, rule.rule)
            path = re.sub(
                r"<(?:[^:>]*(?:\([^)]*\))?:)?(\w+)>", lambda one, values=values: values[one[1]], path
            )
            found += [(rule.endpoint, method, path) for method in (rule.methods or set()) & {*wanted}]
    return sorted(found)


@pytest.mark.parametrize("number", HUGE, ids=["32 bits", "64 bits", "5000 digits"])
def test_a_number_that_no_table_holds_is_not_there_and_breaks_nothing(app, world, number):
    for role in ("leader", "unit_administrator", "writer", "exam_administrator"):
        db.session.add(
            Grant(
                person_id=int(world["jiang"]), role=role, unit_id=int(world["county"]), granted_at=clock.now()
            )
        )
    db.session.commit()
    _, secret = tokens.make(
        db.session.get_one(Unit, int(world["county"])),
        *("省平台", ["completion:read", "results:read"], 30),
        now=clock.now(),
        actor_id=None,
    )
    db.session.commit()
    client, wrong = sign_in(app.test_client(), int(world["jiang"])), []
    client.page("/feedback")
    for endpoint, method, path in with_numbers(app, world, number, "GET", "POST", "PUT"):
        headers = {"Authorization": f"Bearer {secret}"} if ROUTES[endpoint].who == TOKEN else {}
        data = {"csrf_token": client.token} if method != "GET" else None
        reply = client.open(path, method=method, data=data, headers=headers)
        told = reply.json["sentence"] if reply.is_json else reply.get_data(as_text=True)
        gone = reply.status_code == 303 and endpoint in REMOVALS
        if not gone and (reply.status_code not in (400, 404, 415, 422) or "。" not in told):
            wrong.append((endpoint, method, reply.status_code))
    assert not wrong, "\n".join(map(str, wrong))


class Query(Values):
    """The query of a request, which notes that anybody looked for one of the numbers in it, or at all of it.

    With `multi` alone nobody looks at it: so does what refuses a zero byte before each page.
    """

    looked_at = False

    def items(self, multi=False):
        Query.looked_at |= not multi
        return super().items(multi)


def _look(method: str, *, at_one: bool) -> None:
    plain = getattr(Values, method)

    def look(self, *arguments, **named):
        Query.looked_at |= not at_one or arguments[0] in ASKED
        return plain(self, *arguments, **named)

    setattr(Query, method, look)


for method in ("get", "getlist", "__getitem__", "__contains__"):
    _look(method, at_one=True)
for method in ("keys", "values", "lists", "listvalues", "to_dict", "copy", "__iter__"):
    _look(method, at_one=False)


@pytest.mark.parametrize(
    ("who", "numbers"),
    [("he", [HUGE[1]]), ("zhou", [HUGE[0], HUGE[2], f"-{HUGE[1]}"])],
    ids=["he", "zhou"],
)
def test_a_number_in_a_query_that_no_table_holds_breaks_nothing(
    app, world, browse, monkeypatch, who, numbers
):
    """A page that does not look at its query answers alike whatever stands there: it is asked once."""
    assert {"unit", "page"} < ASKED
    monkeypatch.setattr(app.request_class, "parameter_storage_class", Query)
    client, wrong, looking = browse(who), [], set()
    for endpoint, _ in methods(app, "GET"):
        plain = address(app, endpoint, world).partition("?")[0]
        for number, names in product(numbers, ({"unit", "exam"}, ASKED - {"unit", "exam"})):
            Query.looked_at = False
            reply = client.get(plain, query_string=dict.fromkeys(sorted(names), number))
            if reply.status_code >= 500:
                wrong.append((endpoint, number[:20], names, reply.status_code))
            if not Query.looked_at:
                break
            looking.add(endpoint)
    assert not wrong, "\n".join(map(str, wrong))
    assert {"analysis.exam", "bank.show"} < looking
    for number in numbers:
        reply = browse("zhou").get("/reports/daily", query_string={"unit": number})
        assert reply.status_code == 404
        assert "该页面不存在，或您的账号不能查看。" in reply.get_data(as_text=True)
