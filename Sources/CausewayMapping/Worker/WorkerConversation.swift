import CausewayJSON
import CausewayModel

/// One page of objects with one worker: the page goes out, questions are answered, results come back.
struct WorkerConversation: Sendable {
    let worker: WorkerProcess
    let encoder: MappingEncoder
    let directory: any MappingDirectory
    let limits: MappingLimits

    /// - Throws: ``WorkerFailure`` where the worker did not survive the page.
    @concurrent
    func results(of page: ArraySlice<MappingInput>, _ reader: ResultReader) async throws -> [MappingResult] {
        let reply = try await reply(to: page)
        guard let results = try? JSONValue(parsing: reply).array, results.count == page.count else {
            throw WorkerFailure.garbled
        }
        return results.map(reader.result)
    }

    /// The results as they come.
    func reply(to page: ArraySlice<MappingInput>) async throws -> [UInt8] {
        try await exchange(encoder.page(page), limits.timeLimit + limits.timeForEach * page.count)
    }

    /// - Parameter limit: how long the worker may compute, between questions too.
    private func exchange(_ message: [UInt8], _ limit: Duration) async throws -> [UInt8] {
        var (message, left) = (message, limit)
        for _ in 0...limits.questions {
            let began = ContinuousClock.now
            let reply = try await worker.exchange(message, timeLimit: left)
            guard let question = MappingQuestion(reply) else { return reply }
            left = max(.zero, left - (ContinuousClock.now - began))
            message = try await question.answer(from: directory, encoder)
        }
        throw WorkerFailure.inquisitive
    }
}
