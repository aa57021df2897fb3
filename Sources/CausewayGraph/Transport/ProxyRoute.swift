import AsyncHTTPClient
import CausewayNetwork
import Foundation
import NIOPosix

/// The route of a request through a proxy.
struct ProxyRoute {
    /// The destination of the request.
    struct Target {
        let host: String
        let port: Int

        /// - Returns: nil for a request that goes directly. Plain HTTP always does, because it stays on this machine.
        init?(_ url: String) {
            guard let parts = URLComponents(string: url), parts.scheme == "https", let host = parts.host else {
                return nil
            }
            (self.host, port) = (host, parts.port ?? 443)
        }
    }

    let proxy: ProxyAddress
    let target: Target

    /// The proxy failure that caused an error; nil if the cause is behind the proxy.
    func failure(_ error: any Error) -> TransportError? {
        switch error {
        case is NIOConnectionError: failure(.unreachable)
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .httpProxyHandshakeTimeout: failure(.unreachable)
            case .proxyAuthenticationRequired: failure(.signIn)
            case .invalidProxyResponse: failure(.refused(host: target.host))
            default: nil
            }
        default: nil
        }
    }

    private func failure(_ reason: ProxyFailure.Reason) -> TransportError { .proxy(ProxyFailure(reason, proxy)) }
}
