import CausewayAPI
import CausewayJSON

extension APIAnswer {
    /// The body of a successful answer.
    ///
    /// - Throws: ``PageError`` otherwise.
    func expected() throws -> JSONValue {
        switch status {
        case 200..<300: return body
        case 403: throw PageError.forbidden
        case 404: throw PageError.notFound
        default: throw PageError.unexpected(status: status, detail: problem)
        }
    }

    /// The API's errors about a request, in one text.
    var problem: Message {
        if let detail = body["detail"]?.string { return Message(detail) }
        return Message(
            (body.object ?? [:]).sorted { $0.key < $1.key }
                .flatMap { ($0.value.array ?? [$0.value]).map(\.plainText) }.joined(separator: " ")
        )
    }

    /// The same in the language of the interface, and in its words if the server refuses further attempts for some time.
    func problem(_ texts: Texts) -> String {
        guard status == 429, let retryAfter else { return texts.message(problem) }
        if body["code"]?.string == "server_busy" { return texts("errors.too_busy", count: retryAfter) }
        return texts("errors.locked", count: max(1, (retryAfter + 59) / 60))
    }

    /// The API's error about a field of the request, in the language of the interface.
    func error(of field: String, _ texts: Texts) -> String? {
        guard let messages = body[field] else { return nil }
        return texts.message((messages.array ?? [messages]).map(\.plainText).joined(separator: " "))
    }
}
