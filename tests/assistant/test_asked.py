"""What an answer was asked for, read from the log."""

from tests.assistant.test_decision import ASSISTANT, VISITOR, Log

from havana.assistant.understanding.asked import asked
from havana.chat import events as e
from havana.chat.people import Person


def test_a_question_is_what_the_visitor_said():
    assert asked(Log().asks("Do you sell pizza?").events) == "Do you sell pizza?"


def test_several_messages_are_one_question_without_what_asks_for_nothing():
    log = Log().asks("Hello", "Do you sell pizza?", "The big ones?")

    assert asked(log.events) == "Do you sell pizza? The big ones?"


def test_what_was_answered_before_is_no_part_of_it():
    log = Log().asks("What does welding cost in total?").hears().asks("Do you sell pizza on Sundays?")

    assert asked(log.events) == "Do you sell pizza on Sundays?"


def test_what_leans_on_the_question_before_comes_with_it():
    log = Log().asks("Do you sell shoes?").hears(0.0).asks("and for children?")

    assert asked(log.events) == "Do you sell shoes? and for children?"


def test_a_message_that_came_while_the_one_before_was_answered_is_a_question_of_its_own():
    log = Log().asks("What does welding cost in total?")
    log.add(e.AnswerStarted("a1"), ASSISTANT).asks("Do you sell pizza on Sundays?")
    log.add(e.AnswerFinished("a1", "complete", "Words."), ASSISTANT)

    assert asked(log.events) == "Do you sell pizza on Sundays?"


def test_what_happened_in_between_is_not_what_the_visitor_said():
    log = Log().asks("Do you sell pizza?")
    log.add(e.Claimed(Person("ana", "Ana"))).add(e.HandedBack())

    assert asked(log.events) == "Do you sell pizza?"


def test_of_what_was_redacted_nothing_is_left():
    log = Log().asks("What does welding cost in total?").hears()
    log.add(e.MessagePosted("", redacted=True), VISITOR)

    assert asked(log.events) == ""
    assert asked([]) == ""
