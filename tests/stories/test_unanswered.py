"""From a question that nothing answers to the article that does, and to the answer."""

from pathlib import Path

import httpx

from .house import PASSWORD, SITE, House, a_house

QUESTION = "Can I bring my dog to the workshop?"


async def signed_in(house: House, name: str) -> None:
    await house.agent(name)
    answer = await house.http.post("/api/session", json={"email": f"{name.lower()}@example.com", "password": PASSWORD})
    assert answer.status_code == 200


async def asks(house: House, text: str) -> dict[str, object]:
    """What a new visitor is answered."""
    visitor = await house.visitor()
    await visitor.post(text)
    return await visitor.sees_event("answer_finished")


def read(answer: httpx.Response) -> dict[str, list[dict[str, object]]]:
    assert answer.status_code == 200, answer.text
    found: dict[str, list[dict[str, object]]] = answer.json()
    return found


async def test_what_nobody_could_answer_is_answered_after_somebody_has_written_it(
    tmp_path: Path, database_url: str | None
):
    async with a_house(tmp_path, database_url=database_url) as house:
        await signed_in(house, "Ana")
        for text in (QUESTION, "can i bring my dog to the workshop"):
            assert (await asks(house, text))["sources"] == []

        [group] = read(await house.http.get("/api/unanswered"))["groups"]
        assert group["count"] == 2

        article = {
            "site": SITE.key,
            "title": "Dogs",
            "text": "Dogs wait in the yard.",
            "questions": [group["text"]],
            "answers": group["questions"],
        }
        assert (await house.http.put("/api/articles/dogs", json=article)).status_code == 200

        answer = await asks(house, QUESTION)
        assert "Dogs wait in the yard." in str(answer["text"])
        assert [source["title"] for source in answer["sources"]] == ["Dogs"]
        assert read(await house.http.get("/api/unanswered"))["groups"] == []
