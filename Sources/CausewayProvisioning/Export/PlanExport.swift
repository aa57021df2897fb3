import CausewayJSON
package import CausewayModel
package import CausewayStore

/// Writes a run's plan for other programs, a page of actions at a time, so that its size does not matter.
package struct PlanExport: Sendable {
    /// The format of the file.
    package enum Format: String, Sendable, CaseIterable {
        case json, csv
    }

    private let store: Store
    private let run: RunID

    private static let pageSize = 500

    package init(store: Store, run: RunID) {
        self.store = store
        self.run = run
    }

    /// Writes the whole file piece by piece.
    ///
    /// - Throws: ``StoreError`` of code `notFound` if there is no such run, and whatever the writing throws.
    package func write(_ format: Format, to output: ([UInt8]) throws -> Void) async throws {
        guard let run = try await store.read({ [run] in try $0.run(run) }) else {
            throw StoreError.notFound("run", run.text)
        }
        switch format {
        case .csv:
            try output(Array(PlanCSV.header.utf8))
            try await visitPages { page in try output(Array(page.map(PlanCSV.lines).joined().utf8)) }
        case .json:
            try output(Array("{\"run\":\(run.exported.text),\"actions\":[".utf8))
            var separator = "\n"
            try await visitPages { page in
                try output(Array((separator + page.map(\.exported.text).joined(separator: ",\n")).utf8))
                separator = ",\n"
            }
            try output(Array("\n]}\n".utf8))
        }
    }

    private func visitPages(_ visit: ([StoredAction]) throws -> Void) async throws {
        let pages = store.pages(by: \.action.sequence) { [run] in
            try $0.actions(of: run, after: $1 ?? 0, limit: Self.pageSize)
        }
        for try await page in pages { try visit(page) }
    }
}

extension Run {
    fileprivate var exported: JSONValue {
        [
            "id": .string(id.text), "provider": .integer(provider.rawValue), "trigger": .string(trigger.rawValue),
            "status": .string(status.rawValue), "message": .string(message), "started": .string(startedAt.text),
            "finished": JSONValue(finishedAt?.text),
        ]
    }
}

extension StoredAction {
    /// Everything except secrets, which a plan shows masked.
    fileprivate var exported: JSONValue {
        [
            "sequence": .integer(action.sequence), "action": .string(action.verb.rawValue),
            "kind": .string(action.kind.rawValue), "name": .string(action.name),
            "object": JSONValue(action.object?.id), "entra_id": JSONValue(action.entraID?.rawValue),
            "reason": .string(action.reason.rawValue), "detail": .string(action.detail),
            "destructive": .bool(action.isDestructive), "changes": .array(action.changes.map(\.json)),
            "members": JSONValue(action.members.map(\.exported)), "outcome": .string(outcome.status.rawValue),
            "message": .string(outcome.message), "remedy": .string(outcome.remedy),
            "attribute": JSONValue(outcome.attribute),
        ]
    }
}

extension MemberReference {
    /// `user 7`, `group 0b2c…`, or `entra` with the id of an Entra object.
    var exported: String {
        switch self {
        case .local(let object): "\(object.kind.rawValue) \(object.id)"
        case .remote(let id): "entra \(id.rawValue)"
        }
    }
}
