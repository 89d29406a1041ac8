"""What no article answered is on record in the commit of the answer, once, and without a word of what was said."""

from havana.chat import events as e
from havana.storage import history, questions
from havana.storage.questions import Question

from .conftest import ANA, BEN, Office

SORRY = "I have found no answer to that."


async def answers(office: Office, conversation: str, answer: str, sureness: float | None) -> None:
    await office.desk.perform(conversation, lambda c: c.start_answer(answer))
    await office.desk.perform(conversation, lambda c: c.finish_answer(answer, SORRY, sureness=sureness))


async def unanswered(office: Office, text: str, answer: str = "answer-1") -> str:
    """A conversation in which somebody asked this and got no answer."""
    conversation = (await office.posts(office.visitor(), text)).fold.id
    await answers(office, conversation, answer, 0.0)
    return conversation


async def recorded(office: Office) -> list[Question]:
    return await office.database.read(lambda conn: questions.newest(conn, office.site.id, 300))


async def said_before(office: Office, question: Question) -> list[str]:
    found = await office.database.read(lambda conn: questions.leading(conn, [question]))
    return [event.fact.text for event in found[question.id] if isinstance(event.fact, e.MessagePosted)]


async def test_a_question_without_an_answer_is_on_record_with_its_place(office: Office):
    conversation = await unanswered(office, "Do you sell pizza?")
    message = (await office.log(conversation))[0]

    [question] = await recorded(office)
    assert question == Question(
        question.id, office.site.id, conversation, message.id, "answer-1", 2, message.at, "open"
    )
    assert await said_before(office, question) == ["Do you sell pizza?"]


async def test_neither_a_sure_answer_nor_small_talk_is_a_question(office: Office):
    conversation = (await office.posts(office.visitor(), "Hello")).fold.id
    await answers(office, conversation, "answer-1", None)
    await office.posts(visitor := office.visitor(), "What does welding cost?")
    await office.posts(visitor, "In total")
    conversation = (await office.posts(visitor, "I mean the program")).fold.id
    await answers(office, conversation, "answer-2", 0.9)

    assert await recorded(office) == []


async def test_an_answer_that_was_cut_off_says_nothing_about_the_articles(office: Office):
    conversation = (await office.posts(office.visitor(), "Do you sell pizza?")).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    await office.desk.perform(conversation, lambda c: c.claim(ANA))

    assert await recorded(office) == []


async def test_what_the_assistant_hands_over_because_nothing_answers_it_is_a_question(office: Office):
    conversation = (await office.posts(office.visitor(), "Do you sell pizza?")).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    await office.desk.perform(
        conversation,
        lambda c: c.escalate(
            "answer-1", text=SORRY, reason="cannot_answer", summary="Pizza?", on_duty=True, sureness=0.0
        ),
    )

    assert [question.answer for question in await recorded(office)] == ["answer-1"]


async def test_what_came_in_while_it_was_answered_is_no_part_of_it(office: Office):
    visitor = office.visitor()
    conversation = (await office.posts(visitor, "Do you sell pizza?")).fold.id
    await office.desk.perform(conversation, lambda c: c.start_answer("answer-1"))
    assert await office.database.write(lambda conn: history.save_draft(conn, conversation, "answer-1", "I have"))
    await office.posts(visitor, "And pasta?")
    await office.desk.perform(conversation, lambda c: c.finish_answer("answer-1", SORRY, sureness=0.1))
    await answers(office, conversation, "answer-2", 0.1)

    second, first = await recorded(office)
    assert [question.answer for question in (first, second)] == ["answer-1", "answer-2"]
    assert await said_before(office, first) == ["Do you sell pizza?"]
    assert await said_before(office, second) == ["Do you sell pizza?", "And pasta?"]


async def test_a_redacted_question_is_gone(office: Office):
    conversation = await unanswered(office, "My number is 4929 1234. Do you sell pizza?")
    await unanswered(office, "Is there a pool?", "answer-2")
    message = (await office.log(conversation))[0]
    await office.desk.perform(conversation, lambda c: c.redact(ANA, message))

    assert [question.answer for question in await recorded(office)] == ["answer-2"]


async def test_whoever_settles_a_question_first_is_named_and_a_dismissed_one_can_come_back(office: Office):
    await unanswered(office, "Do you sell pizza?")
    await unanswered(office, "Is there a pool?", "answer-2")
    pool, pizza = await recorded(office)
    now = office.clock()

    def settle(some: list[Question], state: str, agent: str) -> int:
        ids = [question.id for question in some]
        return office.database.write_now(lambda conn: questions.settle(conn, ids, state, agent, now))

    assert settle([pizza], "dismissed", ANA.id) == 1
    assert settle([pizza, pool], "written", BEN.id) == 1
    assert await recorded(office) == []
    both = [pizza.id, pool.id]
    assert await office.database.write(lambda conn: questions.reopen(conn, both)) == 1
    assert [question.id for question in await recorded(office)] == [pizza.id]
    assert await office.database.read(questions.count) == 1
