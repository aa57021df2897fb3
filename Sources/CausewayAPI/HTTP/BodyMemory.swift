package import Hummingbird
import NIOCore
import Synchronization

/// Limits the memory of the bodies of all requests together, in addition to the limit of each.
package final class BodyMemory: Sendable {
    private let most: Int
    private let taken = Mutex(0)

    /// - Parameter most: bytes.
    package init(most: Int) { self.most = most }

    /// Why a body is not read.
    package enum Refusal: Error {
        /// It is longer than allowed.
        case tooLarge
        /// There are too many others at the moment.
        case busy
        /// The client gave up, or was too slow.
        case interrupted
    }

    /// Reads a body and holds its memory until its work is done.
    ///
    /// - Parameter limit: bytes of this body.
    package func withBody<Value: Sendable>(
        of request: Request,
        upTo limit: Int,
        _ work: (Result<[UInt8], Refusal>) async throws -> Value
    ) async rethrows -> Value {
        let held = Held(memory: self)
        defer { held.giveBack() }
        return try await work(await held.read(request, upTo: limit))
    }

    fileprivate func take(_ count: Int) -> Bool {
        taken.withLock { taken in
            guard taken + count <= most else { return false }
            taken += count
            return true
        }
    }

    fileprivate func giveBack(_ count: Int) { taken.withLock { $0 -= count } }

    /// The memory of one body.
    private final class Held {
        private let memory: BodyMemory
        private var count = 0

        init(memory: BodyMemory) { self.memory = memory }

        func read(_ request: Request, upTo limit: Int) async -> Result<[UInt8], Refusal> {
            var bytes: [UInt8] = []
            do {
                for try await part in request.body {
                    guard bytes.count + part.readableBytes <= limit else { return .failure(.tooLarge) }
                    guard memory.take(part.readableBytes) else { return .failure(.busy) }
                    count += part.readableBytes
                    bytes += part.readableBytesView
                }
            } catch {
                return .failure(.interrupted)
            }
            return .success(bytes)
        }

        func giveBack() { memory.giveBack(count) }
    }
}
