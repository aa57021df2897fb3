import Foundation

/// Decides which requests go through which proxy. Requests to this machine always go directly.
package struct ProxyRule: Hashable, Sendable {
    /// The proxy of requests without an exception; nil if all requests go directly.
    package let address: ProxyAddress?
    private let exceptions: [ProxyException]
    /// The error in the variable that names the proxy; nil if there is none.
    package let violation: String?

    /// No proxy.
    package static let direct = ProxyRule(address: nil, exceptions: [], violation: nil)

    private init(address: ProxyAddress?, exceptions: [ProxyException], violation: String?) {
        (self.address, self.exceptions, self.violation) = (address, exceptions, violation)
    }

    /// All requests through one proxy.
    ///
    /// - Parameter text: the address of the proxy.
    package init(text: String) {
        do { self.init(address: try ProxyAddress(text), exceptions: [], violation: nil) } catch {
            self.init(address: nil, exceptions: [], violation: "\(error)")
        }
    }

    /// Reads the variables of a process: `HTTPS_PROXY`, else `ALL_PROXY`, and `NO_PROXY` for the exceptions, each in capitals or small
    /// letters. An address without a scheme is the address of an HTTP proxy, as in curl.
    package init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            [name, name.lowercased()].compactMap { environment[$0]?.trimmingCharacters(in: .whitespaces) }
                .first { !$0.isEmpty }
        }
        let exceptions = (value("NO_PROXY") ?? "").split { $0 == "," || $0.isWhitespace }
            .map { ProxyException(String($0)) }
        let named = ["HTTPS_PROXY", "ALL_PROXY"].lazy.compactMap { name in value(name).map { (name, $0) } }.first
        guard let (name, text) = named else {
            self.init(address: nil, exceptions: [], violation: nil)
            return
        }
        do {
            let proxy = try ProxyAddress(text.contains("://") ? text : "http://\(text)")
            self.init(address: proxy, exceptions: exceptions, violation: nil)
        } catch {
            self.init(address: nil, exceptions: exceptions, violation: "\(name): \(error)")
        }
    }

    /// Whether a request to a host goes directly.
    package func isDirect(_ host: String, _ port: Int) -> Bool {
        let target = ProxyTarget(host: host, port: port)
        return target.isLoopback || exceptions.contains { $0.covers(target) }
    }
}

/// The destination of a request.
private struct ProxyTarget {
    let name: String
    let address: NetworkAddress?
    let port: Int

    init(host: String, port: Int) {
        let text = host.lowercased().trimmingCharacters(in: ["[", "]"])
        name = text.hasSuffix(".") ? String(text.dropLast()) : text
        (address, self.port) = (NetworkAddress(host: name), port)
    }

    var isLoopback: Bool { address?.isLoopback ?? (name == "localhost" || name.hasSuffix(".localhost")) }
}

/// An entry of `NO_PROXY`, as Go's `httpproxy` documents it: a name with its subdomains, only the subdomains after a leading point, an
/// address, a network such as `10.0.0.0/8`, or `*` for all hosts. A name or an address can have a port.
private struct ProxyException: Hashable, Sendable {
    private enum Hosts: Hashable {
        case all
        case domain(String, isIncluded: Bool)
        case network(NetworkAddress, bits: Int)
    }

    private let hosts: Hosts
    private let port: Int?

    init(_ text: String) {
        let entry = text.lowercased()
        let parts = entry.split(separator: "/", maxSplits: 1).map(String.init)
        if entry == "*" {
            (hosts, port) = (.all, nil)
        } else if parts.count == 2, let bits = Int(parts[1]), let network = NetworkAddress(host: parts[0]) {
            (hosts, port) = (.network(network, bits: bits), nil)
        } else {
            let (host, port) = Self.separated(entry)
            self.port = port
            if let address = NetworkAddress(host: host) {
                hosts = .network(address, bits: address.bytes.count * 8)
            } else {
                let name = host.hasPrefix("*.") ? String(host.dropFirst()) : host
                hosts = .domain(name.hasPrefix(".") ? name : ".\(name)", isIncluded: !name.hasPrefix("."))
            }
        }
    }

    /// Separates host and port. An IPv6 address has a port only if it is in brackets.
    private static func separated(_ text: String) -> (host: String, port: Int?) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            text[..<colon].hasSuffix("]") || !text[..<colon].contains(":")
        else { return (text, nil) }
        return (String(text[..<colon]), port)
    }

    func covers(_ target: ProxyTarget) -> Bool {
        guard port == nil || port == target.port else { return false }
        switch hosts {
        case .all: return true
        case .domain(let suffix, let isIncluded):
            return target.name.hasSuffix(suffix) || (isIncluded && ".\(target.name)" == suffix)
        case .network(let network, let bits): return target.address?.isIn(network, bits: bits) ?? false
        }
    }
}

extension NetworkAddress {
    /// Whether its first bits are those of a network.
    fileprivate func isIn(_ network: NetworkAddress, bits: Int) -> Bool {
        guard bytes.count == network.bytes.count, (0...bytes.count * 8).contains(bits) else { return false }
        return (0..<bits).allSatisfy { bit in
            (bytes[bit / 8] ^ network.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
