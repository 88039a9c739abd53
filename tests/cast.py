"""The people of the tests: Ines teaches, Maya mentors, Leo learns, Zoe is somebody else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.sessions import BrowserSession, Visit, hashed
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Role, Standing

THEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Cast:
    """Makes courses and people as rows, without an LMS; every call commits."""

    session: Session

    def platform(self, name: str = "Campus", *, client_id: str = "campus-tool") -> Platform:
        platform = Platform(
            name=name,
            issuer="https://campus.example",
            client_id=client_id,
            auth_url="https://campus.example/oidc/auth",
            token_url="https://campus.example/oauth/token",
            jwks_url="https://campus.example/jwks",
            created=THEN,
        )
        self.session.add(platform)
        self.session.flush()
        self.session.add(Deployment(platform_id=platform.id, deployment_id="1", standing=Standing.ACTIVE, created=THEN))
        self.session.commit()
        return platform

    def course(self, title: str = "Starting at work", *, platform: Platform | None = None) -> Course:
        platform = platform or self.session.query(Platform).first() or self.platform()
        deployment = self.session.query(Deployment).filter_by(platform_id=platform.id).one()
        course = Course(
            deployment_id=deployment.id,
            context_id=title.lower(),
            title=title,
            label=title[:8],
            line_item_scopes=[],
            created=THEN,
        )
        self.session.add(course)
        self.session.commit()
        return course

    def enrol(
        self,
        course: Course,
        name: str,
        role: Role = Role.LEARNER,
        *,
        is_test: bool = False,
        is_active: bool = True,
    ) -> Enrolment:
        subject = name.lower().replace(" ", "-") or secrets.token_hex(4)
        person = self.session.query(Person).filter_by(platform_id=course.platform.id, subject=subject).one_or_none()
        if person is None:
            person = Person(platform_id=course.platform.id, subject=subject, name=name, created=THEN)
            self.session.add(person)
            self.session.flush()
        enrolment = Enrolment(
            course_id=course.id,
            person_id=person.id,
            role=role,
            number=course.next_number,
            is_test=is_test,
            is_active=is_active,
            created=THEN,
        )
        course.next_number += 1
        self.session.add(enrolment)
        self.session.commit()
        return enrolment

    def visit(self, client: FlaskClient, enrolment: Enrolment) -> FlaskClient:
        """Let this client visit as this person, as if they had just launched."""
        key = secrets.token_urlsafe(32)
        row = BrowserSession(
            key=hashed(key),
            person_id=enrolment.person_id,
            data={"csrf_token": "0" * 40},
            expires=clock.now() + timedelta(hours=1),
        )
        self.session.add(row)
        self.session.flush()
        self.session.add(Visit(session_id=row.id, enrolment_id=enrolment.id))
        self.session.commit()
        client.set_cookie("mentoring", key)
        return client
