"""What runs after an answer was sent: mail, PDFs, the daily purge.

A job is a row that its cause committed (storage/outbox.py). Threads of `serve` run them, or any number of workers:
one draws, one does the rest, so that a mail server that says nothing delays no PDF, and a hundred PDFs no letter. Each
job is claimed, done and noted in transactions of its own, so a crash loses none and at worst does one again. Tokens are
made here, at the last moment. This file may not know Flask or a request: what sends a letter is handed over.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from questionnaire import metrics, pdf, publishing, rendering
from questionnaire.core.loading.catalogue import Catalogue
from questionnaire.core.report import Around
from questionnaire.letters import LETTERS, Letter, Obsolete
from questionnaire.settings import Settings
from questionnaire.storage import documents, erasure, folders, outbox, retention, shared_plan
from questionnaire.storage.assessments import assessment_by_id
from questionnaire.storage.database import write_first
from questionnaire.storage.models import Assessment, Job

log = logging.getLogger("questionnaire.jobs")
POLL_SECONDS = 1.0
DAILY = timedelta(days=1)


@dataclass(frozen=True)
class Jobs:
    """All that a job may need."""

    settings: Settings
    catalogue: Catalogue
    surroundings: Callable[[], Around]
    sessions: sessionmaker[Session]
    deliver: Callable[[Letter], None]

    def run_due(self) -> int:
        """Do all that is due, one by one, and return how many jobs were tried."""
        tried = 0
        while self.run_one():
            tried += 1
        return tried

    def run_one(self, kinds: Collection[str] = outbox.KINDS) -> bool:
        """Do the job of these kinds that has waited longest; say whether one was due."""
        job_id = self._claim(kinds)
        if job_id is not None:
            self._run(job_id)
        return job_id is not None

    def run_until(self, stop: threading.Event) -> None:
        """Do what is due, again and again, until `stop` is set, the jobs in hand finished first.

        Any number of processes may. A database that fails is tried again later.
        """
        with self._writing() as session:
            outbox.come_back(session, "purge", now=datetime.now(UTC))
            session.commit()
        drawing = threading.Thread(target=self._run_kinds, args=(outbox.DRAWN, stop), name="drawing", daemon=True)
        drawing.start()
        self._run_kinds(outbox.OTHERS, stop)
        drawing.join()

    def _run_kinds(self, kinds: Collection[str], stop: threading.Event) -> None:
        pause = 0.0
        while not stop.wait(pause):
            try:
                pause = 0.0 if self.run_one(kinds) else POLL_SECONDS
            except sa.exc.SQLAlchemyError:
                log.exception("Jobs wait: the database does not answer")
                pause = POLL_SECONDS * 10

    def _writing(self) -> Session:
        session = self.sessions()
        write_first(session)
        return session

    def _claim(self, kinds: Collection[str]) -> uuid.UUID | None:
        with self.sessions() as session:  # reads first: an idle server takes no lock
            if not outbox.is_due(session, datetime.now(UTC), kinds):
                return None
        with self._writing() as session:
            job = outbox.claim(session, datetime.now(UTC), kinds)
            session.commit()
            return job.id if job else None

    def _run(self, job_id: uuid.UUID) -> None:
        with self._writing() as session:
            job = session.get(Job, job_id)
            if job is None:
                return
            attempts = job.attempts
            try:
                with metrics.noting_job(job.kind), suppress(Obsolete):
                    self._do(session, job)
                outbox.done(session, job_id, datetime.now(UTC))
            except Exception as error:
                session.rollback()
                outbox.failed(session, job_id, attempts, error, datetime.now(UTC))
                log.warning("Job %s (%s) failed, try %s: %s", job_id, job.kind, attempts, type(error).__name__)
            session.commit()

    def _do(self, session: Session, job: Job) -> None:
        if job.kind in WORK:
            WORK[job.kind](self, session, job)
        else:
            letter = LETTERS[job.kind](self.settings, session, job)
            about = erasure.digest(job.assessment_id)[: erasure.SHORT] if job.assessment_id else ""
            job_id = job.id
            session.commit()  # what the letter links to stands before it leaves, and no lock is held meanwhile
            self.deliver(replace(letter, about=about, cause=job_id.hex[:8]))


def _render(house: Jobs, session: Session, job: Job) -> None:
    """Make a document as it should be now. One that cannot be made is tried again soon, a few times."""
    assessment_id, name = _kept(session, job).id, job.payload["document"]
    session.commit()  # nobody who saves waits while words are put together and drawn
    wanted = _wanted(house, assessment_id, name)
    try:
        drawn = pdf.render(wanted.html)
    except pdf.PdfBusy:
        raise
    except pdf.PdfError as error:
        log.warning("A document was not made: %s", error)
        _note_failure(session, job, wanted)
    else:
        if wanted != _wanted(house, assessment_id, name):
            raise Obsolete  # the answers changed meanwhile: whoever asks again has them drawn
        if documents.made(session, _kept(session, job).id, name, wanted.key):
            raise Obsolete  # drawn so slowly that another process took it up meanwhile
        documents.keep(session, assessment_id, name, wanted.key, drawn, datetime.now(UTC))


def _wanted(house: Jobs, assessment_id: uuid.UUID, name: str) -> rendering.Wanted:
    """Return the document to make. Raises Obsolete where it is made, or what it was made of is gone."""
    with house.sessions() as session:
        kept = assessment_by_id(session, assessment_id)
        wanted = rendering.wanted(session, house.catalogue, house.surroundings(), kept, name) if kept else None
        if wanted is None or documents.made(session, assessment_id, name, wanted.key):
            raise Obsolete
        return wanted


def _note_failure(session: Session, job: Job, wanted: rendering.Wanted) -> None:
    now, assessment_id = datetime.now(UTC), _kept(session, job).id
    failures = documents.note_failure(session, assessment_id, wanted.name, wanted.key, now)
    outbox.done(session, job.id, now)
    if failures < documents.TRIES:
        documents.ask(session, assessment_id, wanted.name, now, after=documents.BETWEEN_TRIES)


def _purge(house: Jobs, session: Session, job: Job) -> None:
    purge(house.settings, session, datetime.now(UTC))
    outbox.done(session, job.id, datetime.now(UTC))
    outbox.come_back(session, "purge", now=datetime.now(UTC), after=DAILY)


def purge(settings: Settings, session: Session, now: datetime) -> retention.Purged:
    """Apply the table of storage/retention.py: warn, erase, forget. Commits as it goes, so that nobody waits long."""
    warned = retention.warn(session, now)
    retention.forget(session, now)
    shared_plan.remind_of_dates(session, now)
    documents.purge(session, now)
    session.commit()
    erased = 0
    while found := retention.erase_some(session, now):
        session.commit()
        erased += found
    files = folders.forget_old(settings.kept_files(), now - retention.PERIODS["files"])
    return retention.Purged(warned, erased, files)


def _plan_look_back(house: Jobs, session: Session, job: Job) -> None:
    """Six and twelve months after a plan was agreed: ask both sides where it is, but for who stopped it."""
    shared_plan.tell_both(session, "mail_plan_months", _kept(session, job).id, datetime.now(UTC))


def _publish(house: Jobs, session: Session, job: Job) -> None:
    """Publish a release of the observatory, or note why not. Who came or went meanwhile has it tried again."""
    by = job.payload["user_id"]
    session.commit()  # nobody who saves waits while it is worked out
    try:
        with house.sessions() as reading:
            prepared = publishing.prepare(reading, house.catalogue)
        publishing.keep(session, prepared, by=by, now=datetime.now(UTC))
    except publishing.CannotPublish as refused:
        publishing.note_refusal(session, refused, by=by, now=datetime.now(UTC))


def _wipe(house: Jobs, session: Session, job: Job) -> None:
    """Finish what erasing began: the tombstone's file, letters kept as files, the bytes of the database."""
    erasure.write_down(session, house.settings.instance)
    folders.forget_about(house.settings.kept_files(), erasure.tombstones(session))
    engine = session.get_bind()
    session.commit()  # nothing is read while the bytes are wiped
    if isinstance(engine, sa.Engine):
        erasure.wipe(engine)


WORK: dict[str, Callable[[Jobs, Session, Job], None]] = {
    "plan_look_back": _plan_look_back,
    outbox.RENDER: _render,
    outbox.PUBLISH: _publish,
    "purge": _purge,
    "wipe": _wipe,
}


def _kept(session: Session, job: Job) -> Assessment:
    """Return the job's assessment, which nobody changes before the commit."""
    assessment = assessment_by_id(session, job.assessment_id, lock=True) if job.assessment_id else None
    if assessment is None:
        raise Obsolete
    return assessment
