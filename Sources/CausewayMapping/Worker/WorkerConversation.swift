import CausewayJSON
import CausewayModel

/// One page of objects with a worker: the page goes out, questions are answered, the reply comes back.
struct WorkerConversation: Sendable {
    let worker: WorkerProcess
    let encoder: MappingEncoder
    let directory: any DirectoryQueries
    let limits: MappingLimits

    /// - Parameters:
    ///   - message: the page, encoded.
    ///   - count: how many objects it has.
    /// - Throws: ``WorkerFailure`` if the worker did not survive the page.
    func reply(to message: [UInt8], count: Int) async throws -> [UInt8] {
        var (message, left) = (message, limits.timeLimit + limits.timeForEach * count)
        for _ in 0...limits.questions {
            let reply = try await worker.exchange(message, timeLimit: left)
            guard let question = DirectoryQuery(reply.bytes) else { return try Self.isolated(reply.bytes) }
            // The worker's time counts, the directory's does not.
            left = max(.zero, left - reply.took)
            message = try await question.answer(from: directory, encoder)
        }
        throw WorkerFailure.tooManyQueries
    }

    /// The answer to a page, unless the page changed what all pages share.
    private static func isolated(_ reply: [UInt8]) throws -> [UInt8] {
        guard reply.first == UInt8(ascii: "{"), let name = try? JSONValue(parsing: reply)["changed"]?.string else {
            return reply
        }
        throw WorkerFailure.leaking(name)
    }
}
