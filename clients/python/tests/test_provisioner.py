"""Against a transport that gives answers one after the other."""

import json
import unittest

import httpx

from fluxiondb_provisioner import ProblemError, Provisioner
from fluxiondb_provisioner.generated.models import Problem, ProblemCode

PROBLEM = {
    "type": "urn:x",
    "title": "It exists",
    "status": 409,
    "detail": "It is there.",
    "instance": "/tenants",
    "code": "tenant-exists",
    "requestId": "1",
    "retryable": False,
    "errors": [],
}


class Answers(httpx.BaseTransport):
    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def told(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, text=json.dumps(body), headers={"content-type": "application/json"})


class ProvisionerTest(unittest.TestCase):
    def test_takes_what_only_a_later_service_says(self) -> None:
        problem = Problem.from_dict({**PROBLEM, "code": "of-next-year"})
        self.assertEqual(problem.code, "of-next-year")
        self.assertEqual(str(problem.code), "of-next-year")
        self.assertEqual(problem.to_dict()["code"], "of-next-year")
        self.assertEqual(Problem.from_dict(PROBLEM).code, ProblemCode.TENANT_EXISTS)

    def test_sends_a_write_again_with_the_same_key(self) -> None:
        answers = Answers(told(503, {}), httpx.ConnectError("lost"), told(409, PROBLEM))
        provisioner = Provisioner("http://localhost/", "fxp_a_b", transport=answers)
        with self.assertRaises(ProblemError) as raised:
            provisioner.provision("a", "2Gi")
        self.assertEqual(raised.exception.code, "tenant-exists")
        keys = [request.headers["idempotency-key"] for request in answers.sent]
        self.assertEqual(keys, [keys[0]] * 3)
        self.assertEqual(answers.sent[0].headers["authorization"], "Bearer fxp_a_b")
        self.assertEqual(json.loads(answers.sent[1].content), {"userId": "a", "ramSize": "2Gi"})

    def test_gives_up(self) -> None:
        answers = Answers(httpx.ConnectError("lost"))
        with self.assertRaises(httpx.ConnectError):
            Provisioner("http://localhost", "x", patience=0, transport=answers).get("a")
        self.assertNotIn("idempotency-key", answers.sent[0].headers)

    def test_follows_where_it_was_cut(self) -> None:
        first = 'event: deleted\nid: e.1\ndata: {"userId":"b"}\n\nevent: synced\ndata: {}\n\nevent: ten'
        rest = ':\n\nevent: deleted\nid: e.2\ndata: {"userId":"a"}\n\n'
        answers = Answers(httpx.Response(200, text=first), httpx.ConnectError("lost"), httpx.Response(200, text=rest))
        told = list(Provisioner("http://localhost", "x", patience=0, look=0, transport=answers).follow("a"))
        self.assertEqual([(one.kind, one.user_id) for one in told], [("deleted", "b"), ("synced", None), ("deleted", "a")])
        self.assertEqual([one.headers.get("last-event-id") for one in answers.sent], [None, "e.1", "e.1"])
        self.assertEqual(answers.sent[0].url.path, "/tenants/a/stream")

    def test_follows_nothing_that_it_may_not(self) -> None:
        answers = Answers(told(404, {**PROBLEM, "status": 404, "code": "tenant-not-found"}))
        with self.assertRaises(ProblemError) as raised:
            next(Provisioner("http://localhost", "x", look=0, transport=answers).follow("a"))
        self.assertEqual(raised.exception.code, "tenant-not-found")


if __name__ == "__main__":
    unittest.main()
