import CausewayModel
package import CausewayStore
import Foundation
package import Logging
import ServiceLifecycle

/// Says to all nodes that this one is at work, and learns whether it may take up work: not while it is drained, nor when a newer program
/// has changed the database in a way that is not safe for this one.
package struct NodeService: Service, CustomStringConvertible {
    /// Its name in logs. Without it, the service group describes the whole value, with everything in it.
    package var description: String { "node" }

    private let store: Store
    private let gate: WorkGate
    private let version: String
    private let name: String
    private let logger: Logger
    private let id = UUID().uuidString.lowercased()

    /// - Parameters:
    ///   - gate: is closed while the node takes up no work.
    ///   - name: of the node; nil for the name of the host.
    package init(store: Store, gate: WorkGate, version: String, name: String? = nil, logger: Logger) {
        (self.store, self.gate, self.version, self.logger) = (store, gate, version, logger)
        let host = ProcessInfo.processInfo.hostName
        self.name = String((name ?? (host.isEmpty ? "localhost" : host)).prefix(Node.longestName))
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await store.listen() }
                while !Task.isCancelled {
                    await beat()
                    try? await Task.sleep(for: Node.beat)
                }
                group.cancelAll()
            }
        }
        // The task is canceled, and the store refuses canceled tasks.
        await Task { [store, id] in _ = try? await store.write { try $0.removeNode(id) } }.value
    }

    /// While the database does not answer, the gate stays as it is: nothing can begin anyway.
    package func beat() async {
        do {
            note(try await store.write { try look(in: $0) })
        } catch is CancellationError {
            return
        } catch {
            logger.error("the node cannot say that it is alive", metadata: ["reason": "\(error)"])
        }
    }

    /// What the database says about this node and the others.
    private struct Situation: Sendable {
        let obstacle: String?
        let hasCompany: Bool
    }

    private func look(in transaction: Transaction) throws -> Situation {
        do { try transaction.requireUsableSchema() } catch let error as StoreError where error.code == .unreadable {
            // The newer program has changed it, and is there.
            return Situation(obstacle: error.message, hasCompany: true)
        }
        let node = try transaction.beat(
            id: id,
            name: name,
            version: version,
            owner: ProcessIdentity.current.text,
            isGone: { ProcessIdentity($0)?.isGone ?? false }
        )
        return Situation(
            obstacle: node.isDraining ? "This node is drained and starts no new work; use another node." : nil,
            hasCompany: try transaction.nodeReports().contains { $0.state == .working && $0.node.id != id }
        )
    }

    private func note(_ situation: Situation) {
        guard gate.set(situation.obstacle, hasCompany: situation.hasCompany) else { return }
        if let obstacle = situation.obstacle {
            logger.notice("this node starts no new work", metadata: ["reason": "\(obstacle)"])
        } else {
            logger.notice("this node starts new work again")
        }
    }
}
