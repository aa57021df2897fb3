import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What the pages of users and groups have in common: the object at every provider, and why.
struct ObjectPage: Sendable {
    let texts: Texts
    /// `user` or `group`.
    let kind: String

    /// What each provider has made of the object, and what it would do next.
    func explanations(of id: String, _ api: APIClient) async throws -> [JSONValue] {
        let providers = try await api.providers()
        var rows: [JSONValue] = []
        for provider in providers {
            let key = provider["pk"].map(ListView.plain) ?? ""
            let answer = await api.send(.get, "/causeway/providers/\(key)/explain/?\(kind)=\(id.urlPathPart)")
            rows.append(row(provider, key, answer))
        }
        return rows
    }

    private func row(_ provider: JSONValue, _ key: String, _ answer: APIAnswer) -> JSONValue {
        let explanation = answer.body
        let attributes = (explanation["attributes"]?.array ?? []).map { attribute -> JSONValue in
            [
                "name": attribute["name"] ?? .null, "wanted": .string(ProviderPages.shown(attribute["desired"])),
                "known": .string(ProviderPages.shown(attribute["known"])),
            ]
        }
        return [
            "name": provider["name"] ?? .null, "address": .string("\(ProviderPages.address)\(key)/"),
            "provider": .string(key), "attributes": .array(attributes), "has_attributes": .bool(!attributes.isEmpty),
            "lines": .array(lines(explanation)), "history": .array(history(explanation)),
            "has_history": .bool(explanation["history"]?.array?.isEmpty == false),
            "problem": JSONValue(answer.status == 200 ? nil : answer.problem),
        ]
    }

    private func history(_ explanation: JSONValue) -> [JSONValue] {
        (explanation["history"]?.array ?? []).map { past in
            let message = [past["message"], past["remedy"]].compactMap { $0?.string }.filter { !$0.isEmpty }
            return [
                "when": Formatting.time(past["time"]?.string) ?? .null,
                "address": .string("\(RunPages.address)\(past["run"]?.string ?? "")/"),
                "action": .string(texts("actions.\(past["action"]?.string ?? "").\(kind)")),
                "reason": .string(texts.find("reasons.\(past["reason"]?.string ?? "")") ?? ""),
                "outcome": .string(texts("outcomes.\(past["outcome"]?.string ?? "")")),
                "message": .string(message.joined(separator: " ")),
            ]
        }
    }

    /// The steps of what decides about an object, in the order in which it is decided.
    private func lines(_ explanation: JSONValue) -> [JSONValue] {
        var lines: [(key: String, words: String)] = []
        if let obstacle = explanation["provider"]?["obstacle"]?.string { lines.append(("obstacle", obstacle)) }
        let scope = explanation["scope"]
        let isIncluded = scope?["included"]?.bool == true
        lines.append((isIncluded ? "in_scope" : "out_of_scope", scope?["reason"]?.string ?? ""))
        if let link = explanation["link"], !link.isNull {
            lines.append(("linked", "\(link["entra_id"]?.string ?? "") (\(link["presence"]?.string ?? ""))"))
        } else {
            lines.append(("not_linked", ""))
        }
        if let reason = explanation["desired"]?["reason"]?.string { lines.append(("desired", reason)) }
        if let last = explanation["history"]?.array?.first {
            let words = [last["action"], last["outcome"], last["message"]].compactMap { $0?.string }
            lines.append(("last", words.filter { !$0.isEmpty }.joined(separator: ", ")))
        }
        lines.append(("next", (explanation["next"]?.array ?? []).compactMap(\.string).joined(separator: " ")))
        return lines.map { ["label": .string(texts("objects.lines.\($0.key)")), "words": .string($0.words)] }
    }

    /// Does at once what the next sync would do for the object.
    func sync(_ id: String, _ request: PageRequest) async throws -> String? {
        let model = kind == "user" ? "authentik.core.models.User" : "authentik.core.models.Group"
        let provider = (request.form["provider"] ?? "").urlPathPart
        let answer = await request.api.send(
            .post,
            "/providers/microsoft_entra/\(provider)/sync/object/",
            ["sync_object_model": .string(model), "sync_object_id": .string(id)]
        )
        if answer.status == 409 { return nil }
        return (try answer.expected()["messages"]?.array ?? []).compactMap { $0["event"]?.string }.joined(
            separator: " "
        )
    }
}
