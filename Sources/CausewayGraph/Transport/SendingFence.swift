import NIOCore
import Synchronization

/// Until when its owner may send. After that nothing leaves the process, whatever still waits in it to be sent, and however long the
/// process or the machine was stopped: the clock goes on then (Linux: `CLOCK_BOOTTIME`).
package final class SendingFence: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let limit = Mutex<Instant?>(nil)
    /// How long what was sent may be on its way.
    let arrival: Duration

    /// Without a limit.
    ///
    /// - Parameter arrival: how long what was sent may be on its way.
    package init(arrival: Duration = .seconds(10)) { self.arrival = arrival }

    /// Nil if there is none.
    package var end: Instant? { limit.withLock { $0 } }

    package var isClosed: Bool { end.map { $0 <= .now } ?? false }

    /// Sets or moves the limit.
    package func open(until end: Instant) { limit.withLock { $0 = end } }

    /// Sets the limit to now.
    package func close() { open(until: .now) }

    /// Ends the limit.
    package func lift() { limit.withLock { $0 = nil } }
}

/// Stands next to the socket, and looks at the fence before any bytes are written.
final class FenceHandler: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = ByteBuffer

    private let fence: SendingFence

    init(_ fence: SendingFence) { self.fence = fence }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isOpen(context) else {
            promise?.fail(TransportError.stopped)
            return
        }
        context.write(data, promise: promise)
    }

    /// What was written before is still in memory.
    func flush(context: ChannelHandlerContext) {
        if isOpen(context) { context.flush() }
    }

    private func isOpen(_ context: ChannelHandlerContext) -> Bool {
        guard fence.isClosed else { return true }
        context.close(promise: nil)
        return false
    }
}
