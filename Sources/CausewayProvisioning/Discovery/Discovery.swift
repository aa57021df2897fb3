import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Reads what the tenant holds into the store: what is known of linked objects, and what matching needs of all others.
struct Discovery {
    let session: SyncSession

    /// Lists all users and groups.
    ///
    /// - Returns: linked Entra objects that are gone: the listing does not show them, and a plain read of each says 404. Neither
    ///   alone would be enough to believe it.
    func run() async throws -> Set<EntraObjectID> {
        var vanished = try await list(.user, session.graph.users(select: session.selection(.user)), .readingUsers)
        vanished.formUnion(
            try await list(.group, session.graph.groups(select: session.selection(.group)), .readingGroups)
        )
        return vanished
    }

    private func list(_ kind: ObjectKind, _ pages: GraphPages, _ step: SyncProgress.Step) async throws -> Set<
        EntraObjectID
    > {
        let (store, provider, run) = (session.store, session.provider.id, session.run)
        let selection = Set(session.selection(kind))
        try await store.write { try $0.deleteUnlinkedObjects(provider: provider, kind: kind) }
        var count = 0
        for try await page in pages {
            let objects = try page.map(Self.object)
            try await store.write { transaction in
                for (id, known) in objects {
                    let isLinked = try transaction.refreshKnown(
                        known,
                        selection: selection,
                        of: id,
                        provider: provider,
                        seenIn: run
                    )
                    guard !isLinked else { continue }
                    let object = UnlinkedObject(kind: kind, entraID: id, known: known)
                    try transaction.saveUnlinkedObject(object, provider: provider)
                }
            }
            count += page.count
            session.progress(SyncProgress(step, done: count, total: nil))
        }
        return try await confirmedGone(kind)
    }

    private static func object(_ json: JSONValue) throws -> (EntraObjectID, [String: JSONValue]) {
        guard let id = json["id"]?.string, !id.isEmpty, let members = json.object else {
            throw ProvisioningError("Graph lists an object without an id; nothing is planned from such an answer.")
        }
        return (EntraObjectID(id), Known.properties(from: members))
    }

    private func confirmedGone(_ kind: ObjectKind) async throws -> Set<EntraObjectID> {
        let (provider, run) = (session.provider.id, session.run)
        let unseen = try await session.store.read {
            try $0.connectionsUnseen(in: run, provider: provider, kind: kind)
        }
        let selection = session.selection(kind)
        let select = selection.joined(separator: ",")
        let requests = unseen.map {
            GraphRequest(.get, "/\(kind.collection)/\($0.entraID.rawValue.urlEncoded)?$select=\(select)")
        }
        var gone: Set<EntraObjectID> = []
        for (connection, result) in zip(unseen, try await session.graph.send(batch: requests)) {
            switch result {
            case .success(let answer):
                let known = Known.properties(from: answer.body?.object ?? [:])
                try await session.store.write {
                    _ = try $0.refreshKnown(
                        known,
                        selection: Set(selection),
                        of: connection.entraID,
                        provider: provider,
                        seenIn: run
                    )
                }
            case .failure(let failure) where failure.kind == .notFound: gone.insert(connection.entraID)
            case .failure(let failure): throw failure
            }
        }
        return gone
    }
}

/// What is kept of an Entra object: Graph's properties without those that say nothing.
enum Known {
    static func properties(from members: [String: JSONValue]) -> [String: JSONValue] {
        members.filter { name, value in
            name != "id" && !name.hasPrefix("@odata.") && !value.isNull && value != .array([])
        }
    }
}
