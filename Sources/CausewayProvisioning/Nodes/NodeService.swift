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
    /// How long it tries to say that it ends.
    private static let farewell: Duration = .seconds(2)

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
                group.addTask { await endSilentRuns() }
                while !Task.isCancelled {
                    await beat()
                    try? await Task.sleep(for: Node.beat)
                }
                group.cancelAll()
            }
        }
        await leave()
    }

    /// A node that does not manage to say so falls silent.
    private func leave() async {
        // The task is canceled, and the store refuses canceled tasks.
        _ = await TimeLimit.value(within: Self.farewell) { [store, id] in
            try? await store.writeRows { try $0.removeNode(id) }
        }
    }

    /// Ends runs of nodes that have fallen silent. It may wait for long writes, and signs of life do not wait for it.
    private func endSilentRuns() async {
        while !Task.isCancelled {
            await endExpiredRuns()
            try? await Task.sleep(for: Node.beat)
        }
    }

    /// Ends the runs whose processes have ended or fallen silent.
    package func endExpiredRuns() async {
        do {
            guard try await !store.read({ try $0.expiredRuns(isGone: OwnProcess.isGone) }).isEmpty else { return }
            try await store.write { try $0.endExpiredRuns(isGone: OwnProcess.isGone) }
        } catch {
            logger.debug("runs of silent nodes cannot be ended", metadata: ["reason": "\(error)"])
        }
    }

    /// While the database does not answer, the gate stays as it is: nothing can begin anyway.
    package func beat() async {
        do {
            try await store.checkSchema()
            note(try await situation())
        } catch is CancellationError {
            return
        } catch let error as StoreError where error.code == .unreadable {
            // The newer program may be a command, and no node.
            note(Situation(obstacle: error.message, hasCompany: nil))
        } catch {
            logger.error("the node cannot say that it is alive", metadata: ["reason": "\(error)"])
        }
    }

    /// What the database says about this node and the others.
    private struct Situation: Sendable {
        let obstacle: String?
        /// Whether another node takes up work; nil if that is not known.
        let hasCompany: Bool?
    }

    private func situation() async throws -> Situation {
        if try await !store.writeRows({ try $0.noteLife(of: id) }) { try await store.write { try add(in: $0) } }
        let nodes = try await store.read { try $0.nodeReports() }
        let isDraining = nodes.contains { $0.node.id == id && $0.node.isDraining }
        return Situation(
            obstacle: isDraining ? "This node is drained and starts no new work; use another node." : nil,
            hasCompany: nodes.contains { $0.state == .working && $0.node.id != id }
        )
    }

    private func add(in transaction: Transaction) throws {
        try transaction.addNode(
            id: id,
            name: name,
            version: version,
            owner: OwnProcess.name,
            isGone: OwnProcess.isGone
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
