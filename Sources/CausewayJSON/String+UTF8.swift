extension String {
    /// The text of bytes, or nil if they are not UTF-8. ASCII is not validated, which would take several times as long.
    package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.reduce(0, |) < 0x80 {
            self.init(decoding: bytes, as: UTF8.self)
        } else {
            self.init(validating: bytes, as: UTF8.self)
        }
    }
}
