package import CausewayEmulator
package import CausewayGraphTypes
import CausewayJSON
import Synchronization

/// Checks every call that a tenant executed, and every answer that it gave, against Graph's type data. It shares no code with the
/// tenant's own rules.
package final class GraphTypeCheck: Sendable {
    /// What an answer or a request had that the types do not allow.
    package struct Violations: Error, CustomStringConvertible {
        package let description: String
    }

    private let requests: GraphRequestCheck
    private let answers: GraphAnswerCheck
    private let found = Mutex<[String]>([])

    package init(_ types: GraphTypes) {
        requests = GraphRequestCheck(types: types)
        answers = GraphAnswerCheck(types: types)
    }

    package func observe(_ exchange: Exchange) {
        let isSuccess = (200...299).contains(exchange.status)
        let problems =
            isSuccess
            ? requests.problems(of: exchange) + answers.problems(of: exchange) : answers.problems(ofError: exchange)
        guard !problems.isEmpty else { return }
        found.withLock { $0 += problems.map { "\(exchange.operation) \(exchange.status): \($0)" } }
    }

    /// - Throws: ``Violations`` with everything that was found.
    package func finish() throws {
        let found = found.withLock { $0 }
        if !found.isEmpty { throw Violations(description: found.prefix(10).joined(separator: "\n")) }
    }
}
