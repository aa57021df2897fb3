import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers a superfluous connection with 503, and closes it.
final class ConnectionGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    private let census: ConnectionCensus
    /// The client's address; nil if it is not counted.
    private var address: String?
    private var isServed = true

    init(census: ConnectionCensus) { self.census = census }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isServed { context.fireChannelRead(data) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func begin(_ context: ChannelHandlerContext) {
        guard address == nil else { return }
        let address = context.channel.remoteAddress?.ipAddress ?? ""
        self.address = address
        isServed = census.begin(address)
        guard !isServed else { return }
        let head = HTTPResponse(
            status: .serviceUnavailable,
            headerFields: [.connection: "close", .contentLength: "0", .retryAfter: "10"]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    private func end() {
        if let address { census.end(address) }
        address = nil
    }
}

@available(*, unavailable)
extension ConnectionGate: Sendable {}
