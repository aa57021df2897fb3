import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The findings of a connection check, as pages show them.
struct ConnectionFindings: Sendable {
    let list: [PreviewResult.Finding]
    let verdict: String

    init(_ check: CheckView, _ texts: Texts) {
        list = check.findings.map { finding in
            PreviewResult.Finding(
                state: ["ok": "in_sync", "warning": "warning"][finding.level] ?? "failing",
                level: texts("check.levels.\(finding.level)"),
                subject: finding.subject,
                message: finding.message
            )
        }
        verdict = texts(check.isGood ? "check.good" : "check.bad")
    }

    /// The check in a provider's form: signs in with the entered values.
    static func preview(_ texts: Texts) -> FormPreview {
        FormPreview(key: "connection", fields: { _ in PreviewFields() }) { body, id, request in
            var settings = body.object ?? [:]
            // The name is not needed to sign in, so it may be entered later.
            if settings["name"] == "" { settings["name"] = nil }
            let asked: JSONValue = [
                "provider": id.flatMap { Int64($0) }.map(JSONValue.integer) ?? .null, "settings": .object(settings),
            ]
            let answer = await request.api.send(.post, "/causeway/connection/check/", asked)
            guard answer.status == 200 else { return .refused(answer, below: "settings") }
            let found = ConnectionFindings(try answer.expected(as: CheckView.self), texts)
            return .shown(PreviewResult(verdict: found.verdict, findings: .init(list: found.list)))
        }
    }
}

/// The result of a connection check, as the API returns it.
struct CheckView: Decodable, Sendable {
    let isGood: Bool
    let findings: [Finding]

    struct Finding: Decodable, Sendable {
        let level: String
        let subject: Message
        let message: Message
    }
}

/// The template `provider-check`.
struct ProviderCheckPage: PageModel {
    static let template = "provider-check"

    let frame: ProviderFrame
    let findings: [PreviewResult.Finding]
    let verdict: String
}
