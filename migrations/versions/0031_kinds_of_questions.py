"""Banks of courses with topics, tags and enemies; questions of many kinds, and answers of any shape."""

import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STATE = sa.Enum("draft", "ready", "retired", name="questionstate", native_enum=False, length=32)
TEXT_FORMAT = sa.Enum("plain", "markdown", "html", name="textformat", native_enum=False, length=32)

CATEGORY = sa.table("category", *map(sa.column, ("public_id", "bank_id", "name", "title", "position")))


def upgrade() -> None:
    _banks()
    _categories()
    _words_and_enemies()
    _questions()
    _versions()
    _answers()
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("unmarked", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("attempt") as batch:
        batch.alter_column("unmarked", existing_type=sa.Integer(), server_default=None)


def _banks() -> None:
    with op.batch_alter_table("bank") as batch:
        batch.add_column(sa.Column("public_id", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("course_id", sa.Integer(), nullable=True))
    _name("bank")
    with op.batch_alter_table("bank") as batch:
        batch.alter_column("public_id", existing_type=sa.String(length=32), nullable=False)
        batch.drop_constraint(op.f("uq_bank_name"), type_="unique")
        batch.create_unique_constraint(op.f("uq_bank_public_id"), ["public_id"])
        batch.create_unique_constraint(op.f("uq_bank_course_id_name"), ["course_id", "name"])
        batch.create_foreign_key(op.f("fk_bank_course_id_course"), "course", ["course_id"], ["id"])
        batch.create_index(
            "uq_bank_shared",
            ["name"],
            unique=True,
            sqlite_where=sa.text("course_id IS NULL"),
            postgresql_where=sa.text("course_id IS NULL"),
        )


def _name(table: str) -> None:
    """Public ids for rows that had none."""
    rows = sa.table(table, sa.column("id", sa.Integer), sa.column("public_id", sa.String))
    here = op.get_bind()
    ids = here.execute(sa.select(rows.c.id)).scalars().all()
    if ids:
        named = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values(public_id=sa.bindparam("public"))
        here.execute(named, [{"row": each, "public": secrets.token_hex(8)} for each in ids])


def _categories() -> None:
    """A row for each topic that a bank lists, and for each that only its questions name."""
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_category_not_itself")),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_category_bank_id_bank")),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("bank_id", "name", name=op.f("uq_category_bank_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_category_public_id")),
    )
    with op.batch_alter_table("category") as batch:
        batch.create_index(op.f("ix_category_parent_id"), ["parent_id"], unique=False)
    here, rows = op.get_bind(), []
    for bank, topics in here.execute(sa.text("SELECT id, topics FROM bank")).all():
        listed = json.loads(topics) if isinstance(topics, str) else topics
        titles = {topic["id"]: topic["title"] for topic in listed}
        asked = sa.text(
            "SELECT DISTINCT topic FROM question_version JOIN question ON question.id = question_id"
            " WHERE bank_id = :bank"
        )
        for name in sorted(here.execute(asked, {"bank": bank}).scalars()):
            titles.setdefault(name, name)
        rows += [
            {"public_id": secrets.token_hex(8), "bank_id": bank, "name": name, "title": title, "position": position}
            for position, (name, title) in enumerate(titles.items())
        ]
    if rows:
        here.execute(sa.insert(CATEGORY), rows)
    with op.batch_alter_table("bank") as batch:
        batch.drop_column("topics")


def _words_and_enemies() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_tag_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("bank_id", "word", name=op.f("uq_tag_bank_id_word")),
    )
    op.create_table(
        "enemy_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_enemy_set_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enemy_set")),
    )
    with op.batch_alter_table("enemy_set") as batch:
        batch.create_index(op.f("ix_enemy_set_bank_id"), ["bank_id"], unique=False)
    op.create_table(
        "question_tag",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_tag_question_id_question")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_question_tag_tag_id_tag")),
        sa.PrimaryKeyConstraint("question_id", "tag_id", name=op.f("pk_question_tag")),
    )
    with op.batch_alter_table("question_tag") as batch:
        batch.create_index(op.f("ix_question_tag_tag_id"), ["tag_id"], unique=False)


def _questions() -> None:
    """The topic of a question is that of its newest version."""
    with op.batch_alter_table("question") as batch:
        batch.add_column(sa.Column("public_id", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("category_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("state", STATE, nullable=True))
        batch.add_column(sa.Column("enemy_set_id", sa.Integer(), nullable=True))
    _name("question")
    op.execute("UPDATE question SET state = CASE WHEN is_retired THEN 'retired' ELSE 'ready' END")
    op.execute(
        "UPDATE question SET category_id = (SELECT category.id FROM category JOIN question_version"
        " ON question_version.topic = category.name WHERE category.bank_id = question.bank_id"
        " AND question_version.question_id = question.id ORDER BY question_version.n DESC LIMIT 1)"
    )
    with op.batch_alter_table("question") as batch:
        batch.alter_column("public_id", existing_type=sa.String(length=32), nullable=False)
        batch.alter_column("category_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("state", existing_type=STATE, nullable=False)
        batch.drop_column("is_retired")
        batch.create_unique_constraint(op.f("uq_question_public_id"), ["public_id"])
        batch.create_foreign_key(op.f("fk_question_category_id_category"), "category", ["category_id"], ["id"])
        batch.create_foreign_key(op.f("fk_question_enemy_set_id_enemy_set"), "enemy_set", ["enemy_set_id"], ["id"])
        batch.create_index(op.f("ix_question_category_id"), ["category_id"], unique=False)
        batch.create_index(op.f("ix_question_enemy_set_id"), ["enemy_set_id"], unique=False)


def _versions() -> None:
    with op.batch_alter_table("question_version") as batch:
        batch.add_column(sa.Column("text_format", TEXT_FORMAT, nullable=False, server_default="plain"))
        batch.add_column(sa.Column("maximum", sa.Double(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("question_version") as batch:
        batch.alter_column("text_format", existing_type=TEXT_FORMAT, server_default=None)
        batch.alter_column("maximum", existing_type=sa.Double(), server_default=None)
        batch.alter_column("note", existing_type=sa.String(), server_default=None)
        batch.drop_column("topic")
        batch.create_check_constraint(op.f("ck_question_version_maximum"), "maximum >= 0")
        batch.create_foreign_key(op.f("fk_question_version_author_id_enrolment"), "enrolment", ["author_id"], ["id"])


def _answers() -> None:
    """What was chosen becomes an answer with one part."""
    with op.batch_alter_table("answer") as batch:
        batch.add_column(sa.Column("response", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("maximum", sa.Double(), nullable=False, server_default="1"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE answer SET response = json_build_object('chosen', chosen) WHERE chosen::text <> '[]'")
    else:
        op.execute("UPDATE answer SET response = json_object('chosen', json(chosen)) WHERE chosen <> '[]'")
    with op.batch_alter_table("answer") as batch:
        batch.alter_column("response", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("maximum", existing_type=sa.Double(), server_default=None)
        batch.drop_column("chosen")
