import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore
import Logging

/// Reads the tenant's recycle bin, so that a returning user is restored instead of created again.
struct RecycleBinReader {
    let session: SyncSession
    let kind: ObjectKind

    /// - Parameter round: the reading of the whole tenant that this belongs to.
    func read(_ round: Int64) async throws {
        let selection = session.selection(kind)
        do {
            for try await page in session.graph.deletedItems(
                type: kind.rawValue,
                select: selection + ["deletedDateTime"]
            ) {
                try await keep(page.compactMap(\.object), round)
            }
        } catch let failure as GraphFailure where failure.kind == .permissionMissing {
            // Without the permission nothing is restored; creation still works.
            session.logger.notice("the recycle bin cannot be read", metadata: ["reason": "\(failure.sentence)"])
        }
    }

    private func keep(_ items: [[String: JSONValue]], _ round: Int64) async throws {
        let (kind, provider) = (kind, session.provider.id)
        try await session.store.write { transaction in
            for item in items {
                guard let text = item["id"]?.string else { continue }
                let id = EntraObjectID(text)
                // The known values have better names: Entra renames what it deletes.
                let present = try transaction.mirrorObject(id, provider: provider)
                var object =
                    present ?? MirrorObject(kind: kind, entraID: id, known: KnownProperties.properties(from: item))
                if present == nil { object.known["userPrincipalName"] = nil }
                if object.presence == .present, try transaction.isLinked(id, provider: provider) { continue }
                object.presence = .deleted
                object.deletedAt = object.deletedAt ?? transaction.now
                try transaction.saveMirrorObject(object, provider: provider, round: round)
            }
        }
    }
}
