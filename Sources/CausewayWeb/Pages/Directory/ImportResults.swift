import CausewayAPI
import CausewayJSON
import CausewayModel

/// The results of a user's imports: each is shown at an address of its own, to this user, for an hour at most. So a page that is loaded
/// again shows the result, and imports nothing.
struct ImportResults: Sendable {
    let texts: KeptTexts
    let user: String

    private static let kind = KeptTextKind(name: "import", most: 50, mostBytes: 16 << 20, lifetime: .seconds(3600))

    /// Keeps a result; the oldest give way.
    ///
    /// - Parameter answer: the API's.
    /// - Returns: the key with which it is found again.
    func keep(_ answer: JSONValue) async throws -> String {
        try await texts.keep(answer.text, as: Self.kind, of: user)
    }

    /// - Returns: nil for another user's result, for one that is no longer kept, and for one of a program whose answers are different.
    func report(_ key: String) async throws -> ImportReportView? {
        guard let text = try await texts.text(key, Self.kind, of: user), let answer = try? JSONValue(parsing: text)
        else {
            return nil
        }
        return try? AnswerDecoder.decode(from: answer)
    }
}
