"""A world of nine associations, four advisors, who coordinates and a passer-by: everybody who may be shown something.

Each association's answers, address and each advisor's note hold a canary: a word that only some may ever read. Beside
it, and in every name, stands markup that nobody's browser may take for any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from questionnaire.core.loading import published, published_listening
from questionnaire.storage import assessments, campaigns, follow_ups, links, portfolio, second_factor, signin
from questionnaire.storage.accounts import User
from questionnaire.storage.database import make_engine
from questionnaire.storage.listening import save_listening
from questionnaire.storage.models import Assessment, Campaign
from tests import builders, observed
from tests.faults.server import KEY, Server
from tests.faults.visitor import Answer, Respondent

FRAMEWORK = published().newest("faire-alliance")
NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = ("draft", "ready", "asked", "taken", "validated", "withdrawn", "network", "later")
UNFINISHED = ("draft", "ready")
SHARED = {"asked": "assigned", "taken": "assigned", "validated": "assigned", "withdrawn": "revoked"}
ADVISORS = ("assigned", "revoked", "unassigned", "elsewhere")
COORDINATOR = "coordinator"
SIGNING_IN = ("/conseiller/connexion", "/conseiller/connexion/lien-envoye")
CODED = ("revoked", COORDINATOR)  # who has a second factor
CODE = "CAMPAGNE"  # of the campaign, as its link has it
PWNED = "data-pwned"  # an attribute that only an element made of somebody's text would have
MARKUP = f"'\"><b {PWNED}>x</b><script>document.title=1</script>"  # as much as the shortest text holds, a person's role
LONG_AGO = NOW - timedelta(days=91)


@dataclass
class Actor:
    """Somebody with a browser: the assessments whose names they are shown, the canaries theirs to read.

    What an advisor noted about an association, it reads in its access file (right of access) and nowhere else.
    """

    name: str
    visitor: Respondent
    start: list[str]
    ids: set[str] = field(default_factory=set)
    canaries: set[str] = field(default_factory=set)
    in_access_file: set[str] = field(default_factory=set)

    def may_read(self, path: str) -> set[str]:
        """The canaries that may stand in the answer at this path."""
        return self.canaries | (self.in_access_file if path.endswith("/acces.json") else set())


World = dict[str, Actor]


@dataclass
class Account:
    """Somebody who signs in: two mailed links, and what their telephone shows if they have a second factor."""

    user: User
    links: tuple[str, str]
    code: str = ""


def build(server: Server) -> dict[str, Actor]:
    """Fill the database and return everybody by name."""
    engine = make_engine(server.database_url)
    with Session(engine, expire_on_commit=False) as session:
        made = {name: _association(session, name) for name in NAMES}
        accounts = {name: _account(session, name) for name in (*ADVISORS, COORDINATOR)}
        asked = _asked_about_its_plan(session, made["later"])
        campaign = _campaign(session, accounts[COORDINATOR].user, accounts["assigned"].user)
        for number in (1, 2):
            observed.a_release(session, FRAMEWORK, number)
        session.commit()
        paths = {name: f"/l/{links.link_token(KEY.encode(), each)}" for name, each in made.items()}
    engine.dispose()
    actors = {name: _respondent(server, str(made[name].id), paths[name], name) for name in made}
    actors |= {name: _signed_in(server, name, account) for name, account in accounts.items()}
    codes = {name: account.user.code for name, account in accounts.items()}
    _share(actors, codes)
    _share_with_nobody_in_particular(actors, codes["elsewhere"])
    actors["paper"] = _enter_paper(server, actors["assigned"])
    _know_whose_is_what(actors)
    for name in (COORDINATOR, "assigned"):
        actors[name].ids.add(campaign)
        actors[name].canaries |= {"canari-adresse-invited", "canari-adresse-listed"}
    actors["later"].start.append(asked)
    actors["ready"].start.append(actors["ready"].visitor.path("premier-regard/resultat"))
    actors["assigned"].start.append(_dossier(actors["taken"]) + "/valider")  # from the form of the review
    actors["withdrawn"].start.append(actors["withdrawn"].visitor.path("entretien") + f"?code={codes['assigned']}")
    return actors | _outside(server, accounts)


def finished(server: Server, count: int) -> list[Respondent]:
    """Let so many associations have finished, whose documents nobody asked for yet; return who answered for each."""
    engine = make_engine(server.database_url)
    with Session(engine, expire_on_commit=False) as session:
        made = [builders.a_finished_assessment(session, FRAMEWORK, secret_key=KEY.encode()) for _ in range(count)]
        session.commit()
        paths = {str(each.id): f"/l/{links.link_token(KEY.encode(), each)}" for each in made}
    engine.dispose()
    return [_respondent(server, assessment_id, path, "").visitor for assessment_id, path in paths.items()]


def _association(session: Session, name: str) -> Assessment:
    assessment = builders.an_assessment(
        session,
        FRAMEWORK,
        secret_key=KEY.encode(),
        association_name=f"Club {name} {MARKUP}",
        email=f"canari-adresse-{name}@exemple.fr",
        now=NOW,
    )
    pages = {"ECO": {}} if name == "draft" else builders.complete_pages(FRAMEWORK)
    pages["ECO"]["ECO-1a"] = {"value": 2, "evidence": f"canari-preuve-{name} {MARKUP}", "comment": f"{name} {MARKUP}"}
    pages["ECO"]["ECO-2a"] = {"value": "not_applicable", "reason": f"{name} {MARKUP}"}
    pages.setdefault(assessments.PROFILE, {})["success"] = f"{name} {MARKUP}"
    for page, values in pages.items():
        assessments.save_page(session, assessment, page, 0, values, NOW, MARKUP)
    heard = {"unmet_words": f"{name} {MARKUP}"}
    save_listening(session, assessment.id, published_listening(), base_version=0, values=heard, now=NOW)
    if name not in UNFINISHED:
        assessments.finish(session, assessment, FRAMEWORK, NOW)
    return assessment


def _asked_about_its_plan(session: Session, assessment: Assessment) -> str:
    """Let three months pass: the mailed question of its plan, as an address."""
    assessment.finished_at = LONG_AGO
    assert follow_ups.begin_asking(session, assessment, NOW)
    return f"/suivi/{follow_ups.link_token(KEY.encode(), assessment)}"


def _campaign(session: Session, coordinator: User, follower: User) -> str:
    """Open a campaign with one association on its list, whose address those who lead and follow it may read."""
    days = {"starts_on": NOW.date() - timedelta(1), "ends_on": NOW.date() + timedelta(30)}
    campaign = Campaign(
        name=f"Campagne {MARKUP}", introduction=f"Bonjour {MARKUP}", code=CODE, opened_by=coordinator.id, **days
    )
    campaigns.change(session, campaign, {}, [follower.id])
    for name in ("invited", "listed"):  # the second comes once the first was written to
        entry = portfolio.Entry(f"Club {name} {MARKUP}", f"canari-adresse-{name}@exemple.fr")
        portfolio.import_entries(
            session, campaign, [entry], framework=FRAMEWORK, secret_key=KEY.encode(), by=coordinator, now=NOW
        )
        if name == "invited":
            portfolio.invite_all(session, campaign, f"Bonjour {MARKUP}", coordinator, NOW)
    return str(campaign.id)


def _account(session: Session, name: str) -> Account:
    make = builders.a_coordinator if name == COORDINATOR else builders.an_advisor
    user, now = make(session, f"{name}@reseau.example"), datetime.now(UTC)
    user.name = f"{name} {MARKUP}"
    session.flush()
    mailed = (signin.make_link(session, user, "sign-in", now), signin.make_link(session, user, "sign-in", now))
    if name not in (*CODED, "elsewhere"):
        return Account(user, mailed)
    factor = second_factor.begin_factor(session, user)  # for who is elsewhere, no first code was given yet
    if name in CODED:
        second_factor.confirm_factor(session, factor, now)
    return Account(user, mailed, second_factor.totp(KEY.encode(), factor).generate(now).token)


def _respondent(server: Server, assessment_id: str, path: str, name: str) -> Actor:
    visitor = Respondent(server.url)
    assert visitor.get(path).status == 303
    visitor.assessment_id, visitor.link = assessment_id, path
    own = {f"canari-preuve-{name}", f"canari-adresse-{name}"}
    return Actor(name, visitor, [visitor.path()], {assessment_id}, own)


def _signed_in(server: Server, name: str, account: Account) -> Actor:
    visitor = Respondent(server.url)
    _done(visitor.submit(f"/conseiller/lien/{account.links[0]}"))
    if name in CODED:
        _done(visitor.submit("/conseiller/code", code=account.code))
    return Actor(name, visitor, ["/coordination/" if name == COORDINATOR else "/conseiller/"])


def _share(actors: dict[str, Actor], codes: dict[str, str]) -> None:
    """Ask for talks, take them, write and validate, withdraw: as people do, page by page."""
    for name, advisor in SHARED.items():
        association, reader = actors[name].visitor, actors[advisor].visitor
        _done(association.submit(association.path("entretien") + f"?code={codes[advisor]}", "/entretien"))
        if name == "asked":
            continue
        dossier = _dossier(actors[name])
        actors[name].in_access_file.add(f"canari-note-{name}")
        _done(reader.submit(dossier, "/prendre"))
        _review(reader, dossier, f"canari-note-{name} {MARKUP}")
        if name == "validated":
            _done(reader.submit(f"{dossier}/valider", "/valider"))
            _done(association.submit(association.path("plan"), "/plan", own=f"Appeler la mairie {MARKUP}"))
            _talk(reader, dossier)
    withdrawn = actors["withdrawn"].visitor
    _done(withdrawn.submit(withdrawn.path("entretien"), "/entretien/retirer"))


def _review(reader: Respondent, dossier: str, private_note: str) -> None:
    """Write all that a review may hold."""
    first = next(name for name, _ in reader.form(dossier, "/avis").fields if name.startswith("kept_")).partition("_")[2]
    words = (f"aside_{first}", "comment_ECO", "reason_ECO-1b", "own_title_a", "own_why_a", "own_steps_a")
    chosen = {f"kept_{first}": "no", "level_ECO-1b": "4", "opinion_ECO-1": "missing"}
    _done(reader.submit(dossier, "/avis", private_note=private_note, **dict.fromkeys(words, MARKUP), **chosen))


def _talk(reader: Respondent, dossier: str) -> None:
    """Lead the talk: say something at each moment, and who does what was agreed; close the file, and open it again."""
    for moment, name in ((1, "surprises"), (2, "build_on"), (3, "doubts"), (5, "next_with")):
        _done(reader.submit(f"{dossier}/entretien/{moment}", f"/entretien/{moment}", **{name: MARKUP}))
    agreed = reader.get(f"{dossier}/plan").text.partition(f"{dossier}/plan/")[2][:36]
    _done(reader.submit(f"{dossier}/plan/{agreed}", agreed, **dict.fromkeys(("owner", "why", "notes"), MARKUP)))
    for move in ("close", "reopen"):
        _done(reader.submit(f"{dossier}/suite", "/suite", move=move, why=MARKUP))


def _share_with_nobody_in_particular(actors: dict[str, Actor], code: str) -> None:
    """Ask the network for a talk; show a first look, and nothing else."""
    network, ready = actors["network"].visitor, actors["ready"].visitor
    _done(network.submit(network.path("entretien") + "?code=reseau", "/entretien"))
    _done(ready.submit(ready.path("entretien") + f"?code={code}", "/entretien"))


def _enter_paper(server: Server, advisor: Actor) -> Actor:
    """Enter the paper of an association; return the association, who was handed its link."""
    visitor = advisor.visitor
    begun = visitor.submit("/conseiller/saisie", "/saisie", association_name=f"Club paper {MARKUP}", agreed="y")
    _done(begun)
    sheet = begun.location
    form = next(each for each in visitor.get(sheet).forms if not each.action)  # the one that goes to the page itself
    _done(visitor.post(sheet, form.filled({"q_ECO-1a": "2", "evidence_ECO-1a": f"canari-preuve-paper {MARKUP}"})))
    link = "/l/" + visitor.get(f"{sheet}/lien").text.partition("/l/")[2][:43]
    association = _respondent(server, sheet.rpartition("/")[2], link, "paper")
    association.canaries = {"canari-preuve-paper"}
    return association


def _know_whose_is_what(actors: dict[str, Actor]) -> None:
    """Note what each account is shown: the names of files, and what it reads of them."""
    ids = {name: actor.visitor.assessment_id for name, actor in actors.items() if actor.ids}
    read = ("taken", "validated", "asked")
    actors["assigned"].ids |= {ids[name] for name in (*read, "paper")}
    actors["assigned"].canaries |= {f"canari-{what}-{name}" for name in read for what in ("preuve", "note")}
    actors["assigned"].canaries.add("canari-preuve-paper")
    actors["elsewhere"].ids.add(ids["ready"])
    for name in ADVISORS:
        actors[name].ids.add(ids["network"])
    actors[COORDINATOR].ids |= {ids[name] for name in (*read, "network")}


def _outside(server: Server, accounts: dict[str, Account]) -> dict[str, Actor]:
    """Who is not signed in: with nothing but the address of a mailed link, or one step before the second factor."""
    half = Respondent(server.url)
    _done(half.submit(f"/conseiller/lien/{accounts[COORDINATOR].links[1]}"))
    unused = f"/conseiller/lien/{accounts['unassigned'].links[1]}"
    return {
        "half": Actor("half", half, ["/conseiller/code"]),
        "anonymous": Actor("anonymous", Respondent(server.url), [*SIGNING_IN, unused, f"/c/{CODE}"]),
    }


def _dossier(association: Actor) -> str:
    return f"/conseiller/dossiers/{association.visitor.assessment_id}"


def _done(answer: Answer) -> None:
    assert answer.status == 303, f"{answer.status}: {answer.text[:500]}"
