export { markArgPrecision, markChainPrecision, markSlotPrecision } from './chain.ts';
