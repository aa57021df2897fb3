import CausewayModel
import CausewayStore

extension RunID {
    /// The first characters, with which commands take it.
    var short: String { String(text.prefix(Self.shortLength)) }

    static var shortLength: Int { 8 }
}

extension Store {
    /// The run of an ID that a person gave, or of the first characters of one, with its provider.
    ///
    /// - Throws: ``UserError`` that says where runs are listed.
    func run(keyed text: String) async throws -> (run: Run, provider: EntraProvider) {
        let id = try await runID(text)
        let found = try await read { transaction in
            try transaction.run(id).flatMap { run in try transaction.provider(run.provider).map { (run, $0) } }
        }
        guard let found else {
            throw UserError("There is no run '\(text)'; list the runs with: causeway plan list PROVIDER")
        }
        return found
    }

    private func runID(_ text: String) async throws -> RunID {
        if let id = RunID(text: text) { return id }
        guard text.isBeginningOfRunID else {
            throw UserError(
                "'\(text)' is not a run ID. Give it whole, or at least its first \(RunID.shortLength) characters."
            )
        }
        let found = try await read { try $0.runs(beginningWith: text.lowercased(), limit: 2) }
        switch found.count {
        case 0: throw UserError("There is no run '\(text)…'; list the runs with: causeway plan list PROVIDER")
        case 1: return found[0]
        default: throw UserError("Several runs begin with '\(text)'; give more of the ID.")
        }
    }
}

extension String {
    /// Whether it is long enough, and has only what IDs have.
    var isBeginningOfRunID: Bool {
        count >= RunID.shortLength && allSatisfy { $0 == "-" || $0.isASCII && $0.isHexDigit }
    }
}
