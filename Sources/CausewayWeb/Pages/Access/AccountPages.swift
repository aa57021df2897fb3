import CausewayAPI
import CausewayJSON
import HTTPTypes

/// One's own account: the authenticator that a password is not enough without.
struct AccountPages: Sendable {
    let texts: Texts

    private static let address = "/if/admin/account/"

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.address) { try await show($0) },
            PageRoute(.post, Self.address + "authenticator/") { try await begin($0) },
            PageRoute(.post, Self.address + "authenticator/confirm/") { try await confirm($0) },
            PageRoute(.post, Self.address + "authenticator/remove/") { try await remove($0) },
        ]
    }

    private func show(_ request: PageRequest, _ values: [String: JSONValue] = [:], problem: String? = nil) async throws
        -> PageResponse
    {
        let state = try await request.api.send(.get, "/causeway/totp/").expected()
        let left = Int(state["recovery_codes_left"]?.integer ?? 0)
        let own: [String: JSONValue] = [
            "is_set_up": state["is_set_up"] ?? false, "codes_left": .string(texts("account.codes_left", count: left)),
            "problem": JSONValue(problem),
        ]
        let content = PageContent("account", title: texts("account.title"), own.merging(values) { $1 })
        return .page(content, status: problem == nil ? 200 : 422)
    }

    private func begin(_ request: PageRequest) async throws -> PageResponse {
        let password: JSONValue = ["password": .string(request.form["password"] ?? "")]
        let answer = await request.api.send(.post, "/causeway/totp/", password)
        guard answer.status == 201 else { return try await refused(answer, request) }
        return try await show(request, ["pending": Self.pending(answer.body["secret"]?.string ?? "", request)])
    }

    /// The secret in groups of four, as people type it.
    private static func pending(_ secret: String, _ request: PageRequest) -> JSONValue {
        let letters = Array(secret)
        let groups = stride(from: 0, to: letters.count, by: 4).map { start in
            String(letters[start..<min(start + 4, letters.count)])
        }
        let link = OneTimePassword.address(username: request.session?.username ?? "", secret: secret)
        return [
            "secret": .string(secret), "link": .string(link), "grouped": .string(groups.joined(separator: " ")),
            "qr_code": QRCode(link)?.json ?? .null,
        ]
    }

    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        let code: JSONValue = ["code": .string((request.form["code"] ?? "").filter { !$0.isWhitespace })]
        let answer = await request.api.send(.post, "/causeway/totp/confirm/", code)
        guard answer.status == 200 else {
            guard [400, 429].contains(answer.status) else { return try await refused(answer, request) }
            let pending = Self.pending(request.form["secret"] ?? "", request)
            return try await show(request, ["pending": pending], problem: answer.problem)
        }
        return try await show(request, ["codes": answer.body["codes"] ?? [], "has_codes": true])
    }

    private func remove(_ request: PageRequest) async throws -> PageResponse {
        let password: JSONValue = ["password": .string(request.form["password"] ?? "")]
        let answer = await request.api.send(.post, "/causeway/totp/remove/", password)
        guard answer.status == 204 else { return try await refused(answer, request) }
        return .redirect(Self.address, done: "authenticator_removed")
    }

    private func refused(_ answer: APIAnswer, _ request: PageRequest) async throws -> PageResponse {
        guard [400, 429].contains(answer.status) else {
            _ = try answer.expected()
            throw PageError.notFound
        }
        return try await show(request, problem: answer.problem)
    }
}
