import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client keeps the server waiting: for the head of a request, for its body, or for room to write the answer.
final class RequestTimer: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var patience: RequestPatience
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture

    init(limits: NetworkLimits) { patience = RequestPatience(limits: limits, now: .now()) }

    func handlerAdded(context: ChannelHandlerContext) { schedule(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: patience.headArrived(at: .now())
        case .body(let bytes): patience.bodyArrived(bytes.readableBytes)
        case .end: patience.requestEnded()
        }
        schedule(context)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            patience.answerEnded(at: .now())
            schedule(context)
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        patience.writabilityChanged(to: context.channel.isWritable, at: .now())
        schedule(context)
        context.fireChannelWritabilityChanged()
    }

    /// One timer at a time: if the deadline has moved, the timer is set again when it fires.
    private func schedule(_ context: ChannelHandlerContext) {
        guard let deadline = patience.deadline, timer == nil || deadline < timerDeadline else { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) { [self] in
            timer = nil
            guard let deadline = patience.deadline else { return }
            if deadline <= .now() { context.close(promise: nil) } else { schedule(context) }
        }
    }

}

@available(*, unavailable)
extension RequestTimer: Sendable {}

/// Until when a client may keep the server waiting. Pure.
struct RequestPatience {
    private let limits: NetworkLimits
    /// Since when the server waits for the head of a request, and for how long.
    private var headSince: NIODeadline
    private var headPatience: Duration
    /// Since when the server waits for a body; nil if it waits for none.
    private var bodySince: NIODeadline?
    private var bodyBytes = 0
    /// Since when the client reads nothing of an answer; nil while it reads.
    private var blockedSince: NIODeadline?
    /// Requests whose answers have not ended.
    private var open = 0

    init(limits: NetworkLimits, now: NIODeadline) {
        self.limits = limits
        headSince = now
        headPatience = limits.head
    }

    /// Nil while the server keeps the client waiting.
    var deadline: NIODeadline? {
        var deadlines: [NIODeadline] = []
        if let blockedSince { deadlines.append(blockedSince + TimeAmount(limits.writing)) }
        if let bodySince {
            let seconds = Int64(bodyBytes / limits.slowestBody)
            deadlines.append(bodySince + TimeAmount(limits.body) + .seconds(seconds))
        } else if open == 0 {
            deadlines.append(headSince + TimeAmount(headPatience))
        }
        return deadlines.min()
    }

    mutating func headArrived(at now: NIODeadline) {
        open += 1
        (bodySince, bodyBytes) = (now, 0)
    }

    mutating func bodyArrived(_ bytes: Int) { bodyBytes += bytes }

    mutating func requestEnded() { bodySince = nil }

    mutating func answerEnded(at now: NIODeadline) {
        open = max(0, open - 1)
        (headSince, headPatience) = (now, limits.idle)
    }

    mutating func writabilityChanged(to isWritable: Bool, at now: NIODeadline) {
        blockedSince = isWritable ? nil : blockedSince ?? now
    }
}
