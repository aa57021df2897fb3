import Foundation

/// The address of a host, however it is written.
package struct NetworkAddress: Hashable, Sendable {
    /// Four bytes for IPv4, sixteen for IPv6; an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 address.
    package let bytes: [UInt8]

    /// - Parameter packed: in network order; nil if it has neither four nor sixteen bytes.
    package init?(packed: [UInt8]) {
        guard [4, 16].contains(packed.count) else { return nil }
        let isMapped = packed.count == 16 && packed[..<10].allSatisfy { $0 == 0 } && packed[10...11] == [0xFF, 0xFF]
        bytes = isMapped ? Array(packed[12...]) : packed
    }

    /// Reads the host of a URL as resolvers do: IPv6 with or without brackets and zone; IPv4 with one to four parts, each decimal,
    /// octal or hexadecimal (`inet_aton`). Nil for a name.
    package init?(host: String) {
        var text = host.precomposedStringWithCompatibilityMapping.trimmingCharacters(in: ["[", "]"])
        text = String(text.prefix { $0 != "%" })
        while text.hasSuffix(".") { text.removeLast() }
        guard !text.isEmpty, !text.contains(where: \.isWhitespace) else { return nil }
        var (v4, v6) = (in_addr(), in6_addr())
        if text.contains(":") {
            guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
            self.init(packed: withUnsafeBytes(of: v6) { Array($0) })
        } else {
            guard inet_aton(text, &v4) == 1 else { return nil }
            self.init(packed: withUnsafeBytes(of: v4) { Array($0) })
        }
    }

    private var isIPv4: Bool { bytes.count == 4 }

    /// Whether it is an address of this machine alone.
    package var isLoopback: Bool { isIPv4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1] }

    /// Whether it is valid only on the link (RFC 3927, RFC 4291), or one at which clouds hand out credentials to their machines.
    package var isLinkLocalOrMetadata: Bool {
        if isIPv4 { return bytes.starts(with: [169, 254]) || Self.metadata.contains(bytes) }
        let isLinkLocal = bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
        return isLinkLocal || Self.metadata.contains(bytes) || embedded?.isLinkLocalOrMetadata == true
    }

    /// Amazon's over IPv6, Alibaba's, Oracle's and Azure's; the others use 169.254.169.254.
    private static let metadata: Set<[UInt8]> = [
        [0xFD, 0x00, 0x0E, 0xC2] + Array(repeating: 0, count: 10) + [0x02, 0x54],
        [100, 100, 100, 200], [192, 0, 0, 192], [168, 63, 129, 16],
    ]

    /// The IPv4 address that an IPv6 one leads to: IPv4-compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056).
    private var embedded: NetworkAddress? {
        if bytes.starts(with: [0x20, 0x02]) { return NetworkAddress(packed: Array(bytes[2..<6])) }
        let isTranslated = bytes.starts(with: [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8))
        let isCompatible = bytes[..<12].allSatisfy { $0 == 0 }
        return isTranslated || isCompatible ? NetworkAddress(packed: Array(bytes[12...])) : nil
    }

    /// The part of the network that one subscriber has: an IPv4 address, or the first half of an IPv6 one (RFC 6177).
    package var subscriber: NetworkAddress {
        isIPv4 ? self : NetworkAddress(bytes: Array(bytes[..<8]) + Array(repeating: 0, count: 8))
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }
}
