import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What a check of the connection found, as pages show it.
struct ConnectionFindings: Sendable {
    let list: JSONValue
    let verdict: String

    init(_ answer: JSONValue, _ texts: Texts) {
        list = .array(
            (answer["findings"]?.array ?? []).map { finding in
                let level = finding["level"]?.string ?? ""
                return [
                    "state": .string(["ok": "in_step", "warning": "warning"][level] ?? "failing"),
                    "level": .string(texts("check.levels.\(level)")), "subject": finding["subject"] ?? .null,
                    "message": finding["message"] ?? .null,
                ]
            }
        )
        verdict = texts(answer["is_good"]?.bool == true ? "check.good" : "check.bad")
    }

    /// The check of a provider's form: signs in with what was typed.
    static func trial(_ texts: Texts) -> FormTrial {
        FormTrial(key: "connection", fields: { _ in [:] }) { body, id, request in
            var settings = body.object ?? [:]
            // Nothing of this is needed to sign in, and a name may follow.
            if settings["name"] == "" { settings["name"] = nil }
            let asked: JSONValue = [
                "provider": id.flatMap { Int64($0) }.map(JSONValue.integer) ?? .null, "settings": .object(settings),
            ]
            let answer = await request.api.send(.post, "/causeway/connection/check/", asked)
            guard answer.status == 200 else { return .refused(answer, below: "settings") }
            let found = ConnectionFindings(answer.body, texts)
            return .shown([
                "has_result": true, "findings": ["list": found.list], "verdict": .string(found.verdict),
            ])
        }
    }
}
